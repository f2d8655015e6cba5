/** three's gizmos on a canvas of their own above the splats'. */
import {
  BoxGeometry,
  BufferGeometry,
  EdgesGeometry,
  Group,
  LineBasicMaterial,
  LineLoop,
  LineSegments,
  Scene,
  Vector3,
  WebGLRenderer,
  type Object3D,
} from "three";
import { TransformControls } from "three/addons/controls/TransformControls.js";
import { frustumLines } from "./frustums.ts";
import type { Handles, HandleRequest, Placement } from "./handles.ts";
import type { Orbit } from "./orbit.ts";

const COLOR = 0xf2a65a;
const CIRCLE_POINTS = 72;

export function createHandlesOverlay(element: HTMLElement, orbit: Orbit): Handles {
  const renderer = new WebGLRenderer({ alpha: true, antialias: true });
  const { domElement: canvas } = renderer;
  canvas.className = "viewport-handles";
  canvas.ariaHidden = "true";
  element.append(canvas);

  const scene = new Scene();
  const object = new Group();
  const controls = new TransformControls(orbit.three, element);
  controls.setSpace("local"); // a turned box moves and turns along its own edges
  scene.add(object, controls.getHelper());
  let request: HandleRequest | undefined;
  let outline: Object3D | undefined;
  let frustums: LineSegments | undefined;
  let isCtrlHeld = false;

  const snap = (): void => {
    const { isOn = false, steps } = request?.snap ?? {};
    const applied = isOn !== isCtrlHeld ? steps : undefined;
    controls.setTranslationSnap(applied?.translate ?? null);
    controls.setRotationSnap(applied?.rotate ?? null);
    controls.setScaleSnap(applied?.scale ?? null);
  };
  for (const type of ["keydown", "keyup", "pointerdown"] as const) {
    window.addEventListener(
      type,
      ({ ctrlKey }) => {
        isCtrlHeld = ctrlKey;
        snap();
      },
      { capture: true },
    );
  }

  const draw = (): void => {
    const { clientWidth: width, clientHeight: height } = element;
    if (width === 0 || height === 0) return;
    renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    renderer.setSize(width, height, false);
    orbit.three.aspect = width / height;
    orbit.three.updateProjectionMatrix();
    renderer.render(scene, orbit.three);
  };

  const placement = (): Placement => {
    const { position, quaternion, scale } = object;
    return {
      position: position.toArray(),
      rotation: [quaternion.w, quaternion.x, quaternion.y, quaternion.z],
      scale: scale.toArray(),
    };
  };
  controls.addEventListener("change", draw);
  controls.addEventListener("objectChange", () => request?.onChange(placement()));
  controls.addEventListener("dragging-changed", ({ value: isDragging }) => {
    orbit.setEnabled(!isDragging);
    if (!isDragging) request?.onEnd(placement());
  });

  return {
    draw,
    showViews(views) {
      if (frustums) {
        scene.remove(frustums);
        frustums.geometry.dispose();
      }
      frustums = views && frustumLines(views);
      if (frustums) scene.add(frustums);
      draw();
    },
    show(next) {
      if (outline) object.remove(outline);
      outline = next && outlineOf(next.shape);
      if (outline) object.add(outline);
      request = next;
      snap();
      if (next && !controls.dragging) {
        const { position, rotation, scale } = next.placement;
        object.position.set(...position);
        object.quaternion.set(rotation[1], rotation[2], rotation[3], rotation[0]);
        object.scale.set(...scale);
      }
      if (next?.mode) {
        controls.setMode(next.mode);
        controls.attach(object);
      } else controls.detach();
      object.visible = next !== undefined;
      draw();
    },
  };
}

function outlineOf(shape: HandleRequest["shape"]): Object3D | undefined {
  const material = new LineBasicMaterial({ color: COLOR });
  if (shape === "box") return new LineSegments(new EdgesGeometry(new BoxGeometry()), material);
  if (shape === "none") return undefined;
  const group = new Group();
  for (const [u, v] of [
    [new Vector3(1, 0, 0), new Vector3(0, 1, 0)],
    [new Vector3(1, 0, 0), new Vector3(0, 0, 1)],
    [new Vector3(0, 1, 0), new Vector3(0, 0, 1)],
  ] as const) {
    const points = Array.from({ length: CIRCLE_POINTS }, (_, i) => {
      const angle = (2 * Math.PI * i) / CIRCLE_POINTS;
      return new Vector3().addScaledVector(u, Math.cos(angle) / 2).addScaledVector(v, Math.sin(angle) / 2);
    });
    group.add(new LineLoop(new BufferGeometry().setFromPoints(points), material));
  }
  return group;
}
