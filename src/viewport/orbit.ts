import { Matrix3, Matrix4, MOUSE, PerspectiveCamera, Quaternion, Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import type { Camera, Vec3 } from "../camera/camera.ts";
import { toCamera } from "./to-camera.ts";
import { opposite, turnTo, type Angles } from "./turn-to.ts";

const FOV_DEGREES = 45;
/** Where the first look at a scene comes from: a little from above. */
const FIRST_ELEVATION = 0.35; // rad
const FIRST_AZIMUTH = 0.6; // rad
/** How near a turn comes to straight above or below. */
const STEEPEST = 1e-5; // rad
/** How much of the picture's shorter side the focus fills. */
const FILL = 0.65;

export interface Focus {
  readonly center: Vec3;
  readonly radius: number;
}

export interface Orbit {
  readonly three: PerspectiveCamera;
  /** The camera as it is now, for a picture of `width` × `height` pixels. */
  camera(width: number, height: number): Camera;
  /** A first look at a scene: turns `up` upwards and fits `focus` into a picture of this width over height. */
  lookAt(focus: Focus, up: Vec3, aspect: number): void;
  /** Fits `focus` into the picture without turning. */
  frame(focus: Focus, aspect: number): void;
  /** Orbits around `point` from now on, without moving nearer. */
  target(point: Vec3): void;
  /** Turns around the focus, in radians, at once or within a moment; what arrow keys do. */
  turn(left: number, up: number): void;
  /** Turns around the focus, in a moment, until the camera looks from there. */
  lookFrom(there: Angles): void;
  /** Turns to the other side of the focus. */
  turnAround(): void;
  /** How a frame where up is +y is turned in the camera's (x right, y up, z backwards): 3 × 3, row-major. */
  turned(): readonly number[];
  /** Moves towards the focus by a factor: 0.5 halves the distance. */
  approach(factor: number): void;
  /** Camera and focus go along the camera's right, up and forward, in distances to the focus. */
  move(right: number, up: number, forward: number): void;
  /** Turns the camera on the spot, in radians. */
  look(left: number, up: number): void;
  /** Whether dragging orbits; flying looks around instead. */
  setRotates(rotates: boolean): void;
  /** Whether the pointer moves the camera at all. */
  setEnabled(enabled: boolean): void;
  dispose(): void;
}

/**
 * Camera controls on an element: drag to orbit, right drag or two fingers to pan, wheel or pinch to come nearer.
 * `onMove` is called whenever the camera has changed, at most once an animation frame.
 */
export function createOrbit(element: HTMLElement, onMove: () => void): Orbit {
  const camera = new PerspectiveCamera(FOV_DEGREES, 1, 0.01, 1e6);
  let controls = connect(camera, element);
  let frame = 0;
  let moved = false;

  /** Damping needs frames after the pointer is gone; when the camera has come to rest, no more are asked for. */
  const animate = (): void => {
    frame = 0;
    if (moved) {
      moved = false;
      onMove();
    }
    controls.update();
  };
  const change = (): void => {
    moved = true;
    frame ||= requestAnimationFrame(animate);
  };
  controls.addEventListener("change", change);

  /** From the frame in which up is +y to the world's. */
  const upright = (): Quaternion => new Quaternion().setFromUnitVectors(new Vector3(0, 1, 0), camera.up);
  const angles = (): Angles => ({ azimuth: controls.getAzimuthalAngle(), polar: controls.getPolarAngle() });

  let stopTurning = (): void => {};
  const turn = (there: Angles): void => {
    stopTurning();
    const distance = controls.getDistance();
    stopTurning = turnTo(angles(), there, ({ azimuth, polar }) => {
      // Exactly above there would be no azimuth.
      const safe = Math.min(Math.PI - STEEPEST, Math.max(STEEPEST, polar));
      const offset = new Vector3().setFromSphericalCoords(distance, safe, azimuth).applyQuaternion(upright());
      camera.position.copy(controls.target).add(offset);
      controls.update();
      change();
    });
  };
  // Who takes the camera in hand has it.
  for (const event of ["pointerdown", "wheel", "keydown"] as const) {
    element.addEventListener(event, () => stopTurning(), { passive: true });
  }

  const distanceFor = (radius: number, aspect: number): number =>
    radius / (FILL * Math.min(1, aspect) * Math.tan((FOV_DEGREES * Math.PI) / 360));

  return {
    three: camera,
    camera: (width, height) => toCamera(camera, width, height),
    lookAt({ center, radius }, up, aspect) {
      stopTurning();
      // OrbitControls reads the camera's up vector only when it is made.
      const { enableRotate, enabled } = controls;
      controls.dispose();
      camera.up.set(...up).normalize();
      const offset = new Vector3()
        .setFromSphericalCoords(distanceFor(radius, aspect), Math.PI / 2 - FIRST_ELEVATION, FIRST_AZIMUTH)
        .applyQuaternion(upright());
      camera.position.set(...center).add(offset);
      camera.near = Math.min(0.01, radius / 100);
      controls = connect(camera, element);
      Object.assign(controls, { enableRotate, enabled });
      controls.target.set(...center);
      controls.minDistance = radius / 100;
      controls.maxDistance = radius * 100;
      controls.update();
      controls.addEventListener("change", change);
      change();
    },
    frame({ center, radius }, aspect) {
      stopTurning();
      const away = camera.position.clone().sub(controls.target).normalize();
      controls.target.set(...center);
      camera.position.copy(controls.target).addScaledVector(away, distanceFor(radius, aspect));
      controls.update();
      change();
    },
    target(point) {
      controls.target.set(...point);
      controls.update();
    },
    turn(left, up) {
      stopTurning();
      controls.rotateLeft(left);
      controls.rotateUp(up);
    },
    lookFrom: turn,
    turnAround: () => turn(opposite(angles())),
    turned() {
      camera.updateMatrixWorld();
      const frame = new Matrix4().makeRotationFromQuaternion(upright());
      return new Matrix3().setFromMatrix4(frame.premultiply(camera.matrixWorldInverse)).transpose().toArray();
    },
    approach(factor) {
      controls.dollyIn(factor);
    },
    move(right, up, forward) {
      const distance = camera.position.distanceTo(controls.target);
      const by = new Vector3(right, up, -forward).multiplyScalar(distance).applyQuaternion(camera.quaternion);
      camera.position.add(by);
      controls.target.add(by);
      controls.update();
      change();
    },
    look(left, up) {
      const ahead = controls.target.clone().sub(camera.position);
      const right = new Vector3(1, 0, 0).applyQuaternion(camera.quaternion);
      const turned = ahead.clone().applyAxisAngle(camera.up, left).applyAxisAngle(right, up);
      // Straight up and down there is no horizon to turn around.
      if (Math.abs(turned.clone().normalize().dot(camera.up)) > 0.99)
        turned.copy(ahead).applyAxisAngle(camera.up, left);
      controls.target.copy(camera.position).add(turned);
      controls.update();
      change();
    },
    setRotates(rotates) {
      controls.enableRotate = rotates;
    },
    setEnabled(enabled) {
      controls.enabled = enabled;
    },
    dispose() {
      cancelAnimationFrame(frame);
      stopTurning();
      controls.dispose();
    },
  };
}

function connect(camera: PerspectiveCamera, element: HTMLElement): OrbitControls {
  const controls = new OrbitControls(camera, element);
  controls.enableDamping = true;
  controls.dampingFactor = 0.2;
  // With a tool in hand the left button draws; the middle one still turns.
  controls.mouseButtons = { LEFT: MOUSE.ROTATE, MIDDLE: MOUSE.ROTATE, RIGHT: MOUSE.PAN };
  return controls;
}
