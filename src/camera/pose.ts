import { assert } from "../core/assert.ts";
import type { Vec3 } from "./camera.ts";
import { add, AXES, cross, direction, dominantAxis, dot, scale, subtract } from "./vec3.ts";

/** Row-major 4×4. */
export type Mat4 = readonly number[]; // [16]

/**
 * World-to-camera of an eye that looks at `target` with `up` upwards in the picture; OpenCV axes: x right, y down,
 * z forward. Looking straight along `up` is allowed, the roll is then arbitrary.
 */
export function lookAt(eye: Vec3, target: Vec3, up: Vec3): Mat4 {
  const forward = direction(subtract(target, eye));
  assert(forward, `lookAt: eye and target coincide at [${eye.join(", ")}]`);
  const right =
    direction(cross(forward, up)) ?? direction(cross(forward, AXES[(dominantAxis(up) + 1) % 3]!))!;
  const down = cross(forward, right);
  return [
    [right, -dot(right, eye)] as const,
    [down, -dot(down, eye)] as const,
    [forward, -dot(forward, eye)] as const,
    [[0, 0, 0], 1] as const,
  ].flatMap(([row, translation]) => [...row, translation]);
}

/** The camera's place in the world, −Rᵀt. */
export function cameraCenter(worldToCamera: Mat4): Vec3 {
  const translation: Vec3 = [worldToCamera[3]!, worldToCamera[7]!, worldToCamera[11]!];
  const [x, y, z] = rotateBack(worldToCamera, translation);
  return [-x, -y, -z];
}

/** World-to-camera of the same eye, carried around `center`: the scene appears turned by `angle` radians about `axis`. */
export function carriedAround(worldToCamera: Mat4, center: Vec3, axis: Vec3, angle: number): Mat4 {
  const unit = direction(axis) ?? AXES[1];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  /** Rodrigues' formula. */
  const turned = (point: Vec3): Vec3 =>
    add(add(scale(point, cos), scale(cross(unit, point), sin)), scale(unit, (1 - cos) * dot(unit, point)));
  return [0, 1, 2]
    .flatMap((row) => {
      const r = rotationRow(worldToCamera, row);
      const columns = AXES.map((column) => dot(r, turned(column)));
      return [...columns, worldToCamera[4 * row + 3]! + dot(r, subtract(center, turned(center)))];
    })
    .concat([0, 0, 0, 1]);
}

/** A world point in camera space. */
export function toCameraSpace(worldToCamera: Mat4, point: Vec3): Vec3 {
  const row = (i: number): number => dot(rotationRow(worldToCamera, i), point) + worldToCamera[4 * i + 3]!;
  return [row(0), row(1), row(2)];
}

/** A camera-space point in the world. */
export function toWorldSpace(worldToCamera: Mat4, point: Vec3): Vec3 {
  const m = worldToCamera;
  return rotateBack(m, [point[0] - m[3]!, point[1] - m[7]!, point[2] - m[11]!]);
}

const rotationRow = (m: Mat4, i: number): Vec3 => [m[4 * i]!, m[4 * i + 1]!, m[4 * i + 2]!];

/** Rᵀ·v. */
function rotateBack(m: Mat4, v: Vec3): Vec3 {
  const column = (j: number): number => m[j]! * v[0] + m[4 + j]! * v[1] + m[8 + j]! * v[2];
  return [column(0), column(1), column(2)];
}
