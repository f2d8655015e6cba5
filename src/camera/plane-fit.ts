import type { Vec3 } from "./camera.ts";
import { cross, direction, dominantAxis, dot, subtract } from "./vec3.ts";

/** { x : normal·x = offset }, the normal of unit length. */
export interface Plane {
  readonly normal: Vec3;
  readonly offset: number;
}

/** Height of a point above the plane. */
export const height = ({ normal, offset }: Plane, point: Vec3): number => dot(normal, point) - offset;

/** The plane through three points, undefined if they lie on a line. */
export function planeThrough(a: Vec3, b: Vec3, c: Vec3): Plane | undefined {
  const normal = direction(cross(subtract(b, a), subtract(c, a)));
  return normal && { normal, offset: dot(normal, a) };
}

/**
 * The least-squares plane of points, distances measured along the axis on which the plane is flattest. Undefined if
 * the points lie on a line.
 */
export function planeFit(points: readonly Vec3[]): Plane | undefined {
  const mean = [0, 1, 2].map(
    (axis) => points.reduce((sum, p) => sum + p[axis]!, 0) / points.length,
  ) as unknown as Vec3;
  const moment = (i: number, j: number): number =>
    points.reduce((sum, p) => sum + (p[i]! - mean[i]!) * (p[j]! - mean[j]!), 0);
  const rows: readonly [Vec3, Vec3, Vec3] = [
    [moment(0, 0), moment(0, 1), moment(0, 2)],
    [moment(1, 0), moment(1, 1), moment(1, 2)],
    [moment(2, 0), moment(2, 1), moment(2, 2)],
  ];
  // The cofactors of the axis with the largest one solve the least-squares problem.
  const minors = [cross(rows[1], rows[2]), cross(rows[2], rows[0]), cross(rows[0], rows[1])] as const;
  const axis = dominantAxis([minors[0][0], minors[1][1], minors[2][2]]);
  const normal = direction(minors[axis]);
  return normal && { normal, offset: dot(normal, mean) };
}
