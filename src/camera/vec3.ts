import type { Vec3 } from "./camera.ts";

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, factor: number): Vec3 => [a[0] * factor, a[1] * factor, a[2] * factor];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a: Vec3): number => Math.hypot(...a);
export const distance = (a: Vec3, b: Vec3): number => length(subtract(a, b));

/** Unit vector, or undefined where there is no direction: zero or not finite. */
export function direction(a: Vec3): Vec3 | undefined {
  const size = length(a);
  return size > 0 && Number.isFinite(size) ? scale(a, 1 / size) : undefined;
}

export const AXES = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
] as const satisfies readonly Vec3[];

/** The coordinate axis (0, 1, 2) a vector is nearest to, whatever the sign. */
export function dominantAxis(a: Vec3): 0 | 1 | 2 {
  const [x, y, z] = a.map(Math.abs) as [number, number, number];
  if (x >= y && x >= z) return 0;
  return y >= z ? 1 : 2;
}
