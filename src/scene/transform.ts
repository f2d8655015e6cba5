/** Moves, turns and scales splats, colours included. */
import { shCoefficients, type Splats } from "./attributes.ts";
import type { Point } from "./bounds.ts";
import { rotateSh, shRotation, type Matrix3 } from "./sh-rotation.ts";

/** (w, x, y, z). */
export type Quaternion = readonly [number, number, number, number];

/** x ↦ pivot + translation + scale · R (x − pivot). */
export interface Similarity {
  /** Of any length but 0. */
  readonly rotation: Quaternion;
  /** Above 0. */
  readonly scale: number;
  readonly translation: Point;
  readonly pivot: Point;
}

/** Rotation matrix of a quaternion of any length. */
export function rotationMatrix(raw: Quaternion): Matrix3 {
  const [w, x, y, z] = unitQuaternion(raw);
  return [
    ...[1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    ...[2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    ...[2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}

/** Where a point goes. */
export function transformPoint({ rotation, scale, translation, pivot }: Similarity, point: Point): Point {
  const m = rotationMatrix(rotation);
  const d = [0, 1, 2].map((axis) => point[axis]! - pivot[axis]!) as unknown as Point;
  const along = (axis: 0 | 1 | 2): number =>
    pivot[axis] +
    translation[axis] +
    scale * (m[3 * axis]! * d[0] + m[3 * axis + 1]! * d[1] + m[3 * axis + 2]! * d[2]);
  return [along(0), along(1), along(2)];
}

/**
 * The splats transformed, or only those whose row is in `rows`; arrays that nothing happens to are shared. Quaternions
 * keep their length.
 */
export function transformSplats(splats: Splats, by: Similarity, rows?: Uint32Array): Splats {
  const turns = isTurn(by.rotation);
  const each = (work: (splat: number) => void): void => {
    const count = rows?.length ?? splats.count;
    for (let k = 0; k < count; k++) work(rows ? rows[k]! : k);
  };
  return {
    ...splats,
    means: moved(splats, by, each),
    ...(by.scale !== 1 && { logScales: scaled(splats, by, each) }),
    ...(turns && { quaternions: turned(splats, by, each) }),
    ...(turns && splats.shDegree > 0 && { sh: recolored(splats, by, each) }),
  };
}

/** Whether four numbers stand for a rotation: of any length, but for 0. */
export function isRotation(quaternion: Quaternion): boolean {
  const length = Math.hypot(...quaternion);
  return length > 0 && Number.isFinite(length);
}

/** Whether a quaternion turns anything at all. */
export const isTurn = ([, x, y, z]: Quaternion): boolean => x !== 0 || y !== 0 || z !== 0;

type Each = (work: (splat: number) => void) => void;

function moved(
  splats: Splats,
  { rotation, scale, translation, pivot }: Similarity,
  each: Each,
): Float32Array {
  const means = splats.means.slice();
  const m = rotationMatrix(rotation).map((value) => scale * value);
  const [px, py, pz] = pivot;
  const [tx, ty, tz] = [px + translation[0], py + translation[1], pz + translation[2]];
  each((splat) => {
    const i = 3 * splat;
    const [x, y, z] = [means[i]! - px, means[i + 1]! - py, means[i + 2]! - pz];
    means[i] = tx + m[0]! * x + m[1]! * y + m[2]! * z;
    means[i + 1] = ty + m[3]! * x + m[4]! * y + m[5]! * z;
    means[i + 2] = tz + m[6]! * x + m[7]! * y + m[8]! * z;
  });
  return means;
}

function scaled(splats: Splats, { scale }: Similarity, each: Each): Float32Array {
  const logScales = splats.logScales.slice();
  const shift = Math.log(scale);
  each((splat) => {
    for (let i = 3 * splat; i < 3 * splat + 3; i++) logScales[i]! += shift;
  });
  return logScales;
}

function turned(splats: Splats, { rotation }: Similarity, each: Each): Float32Array {
  const quaternions = splats.quaternions.slice();
  const [a, b, c, d] = unitQuaternion(rotation);
  each((splat) => {
    const i = 4 * splat;
    const [w, x, y, z] = [quaternions[i]!, quaternions[i + 1]!, quaternions[i + 2]!, quaternions[i + 3]!];
    quaternions[i] = a * w - b * x - c * y - d * z;
    quaternions[i + 1] = a * x + b * w + c * z - d * y;
    quaternions[i + 2] = a * y - b * z + c * w + d * x;
    quaternions[i + 3] = a * z + b * y - c * x + d * w;
  });
  return quaternions;
}

function recolored(splats: Splats, { rotation }: Similarity, each: Each): Float32Array {
  const sh = splats.sh.slice();
  const bands = shRotation(rotationMatrix(rotation), splats.shDegree);
  const width = 3 * shCoefficients(splats.shDegree);
  each((splat) => rotateSh(sh, splat * width, bands));
  return sh;
}

/** Of length 1. */
export function unitQuaternion(raw: Quaternion): Quaternion {
  const length = Math.hypot(...raw);
  return [raw[0] / length, raw[1] / length, raw[2] / length, raw[3] / length];
}

/** The shortest turn that brings one direction onto another, both of unit length. */
export function turnBetween(from: Point, to: Point): Quaternion {
  const dot = from[0] * to[0] + from[1] * to[1] + from[2] * to[2];
  if (dot < -1 + 1e-9) {
    // Half a turn, about any axis across.
    const across: Point = Math.abs(from[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0];
    const [x, y, z] = crossed(from, across);
    const length = Math.hypot(x, y, z);
    return [0, x / length, y / length, z / length];
  }
  return unitQuaternion([1 + dot, ...crossed(from, to)]);
}

const crossed = (a: Point, b: Point): Point => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
