import { BufferGeometry, Color, Float32BufferAttribute, LineBasicMaterial, LineSegments } from "three";
import type { Camera, Vec3 } from "../camera/camera.ts";
import { unproject } from "../camera/project.ts";
import { cameraCenter } from "../camera/pose.ts";

/** Cameras to be drawn in the scene. */
export interface ShownViews {
  /** Oldest first; the last ones stand out. */
  readonly cameras: readonly Camera[];
  /** How many of the last ones do. */
  readonly latest: number;
  /** From a camera's centre to the picture in front of it, in units of the scene. */
  readonly depth: number;
}

const OLD = new Color(0x7d8796);
const LATEST = new Color(0xf2a65a);

/** A pyramid of lines for each camera, from its centre to the corners of its picture. */
export function frustumLines({ cameras, latest, depth }: ShownViews): LineSegments {
  const positions: number[] = [];
  const colors: number[] = [];
  cameras.forEach((camera, i) => {
    const color = i >= cameras.length - latest ? LATEST : OLD;
    const ends = edgesOf(camera, depth);
    positions.push(...ends.flat());
    for (let k = 0; k < ends.length; k++) colors.push(color.r, color.g, color.b);
  });
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new Float32BufferAttribute(positions, 3));
  geometry.setAttribute("color", new Float32BufferAttribute(colors, 3));
  return new LineSegments(geometry, new LineBasicMaterial({ vertexColors: true }));
}

/** Two ends for each of a pyramid's eight edges. */
export function edgesOf(camera: Camera, depth: number): Vec3[] {
  const { width, height, worldToCamera } = camera;
  const center = cameraCenter(worldToCamera);
  const corners = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ].map(([x, y]) => unproject(camera, { x: x!, y: y!, depth }));
  return corners.flatMap((corner, i) => [center, corner, corner, corners[(i + 1) % 4]!]);
}
