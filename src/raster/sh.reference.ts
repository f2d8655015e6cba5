import type { Vec3 } from "../camera/camera.ts";

/**
 * Real spherical harmonics up to degree 3 and their gradients, float64 twin of shaders/shared/sh.wgsl.
 * Basis and signs as in Kerbl et al. 2023 ("3D Gaussian Splatting", supplement), direction of unit length.
 */
type BasisFunction = {
  readonly value: (x: number, y: number, z: number) => number;
  /** ∂Y/∂(x, y, z), the direction taken as a free vector. */
  readonly gradient: (x: number, y: number, z: number) => Vec3;
};

const C0 = 0.28209479177387814;
const C1 = 0.4886025119029199;
const [C2A, C2C, C2E] = [1.0925484305920792, 0.31539156525252005, 0.5462742152960396];
const [C3A, C3B, C3C] = [0.5900435899266435, 2.890611442640554, 0.4570457994644658];
const [C3D, C3F] = [0.3731763325901154, 1.445305721320277];

export const SH_BASIS: readonly BasisFunction[] = [
  { value: () => C0, gradient: () => [0, 0, 0] },
  { value: (_x, y) => -C1 * y, gradient: () => [0, -C1, 0] },
  { value: (_x, _y, z) => C1 * z, gradient: () => [0, 0, C1] },
  { value: (x) => -C1 * x, gradient: () => [-C1, 0, 0] },
  { value: (x, y) => C2A * x * y, gradient: (x, y) => [C2A * y, C2A * x, 0] },
  { value: (_x, y, z) => -C2A * y * z, gradient: (_x, y, z) => [0, -C2A * z, -C2A * y] },
  {
    value: (x, y, z) => C2C * (2 * z * z - x * x - y * y),
    gradient: (x, y, z) => [-2 * C2C * x, -2 * C2C * y, 4 * C2C * z],
  },
  { value: (x, _y, z) => -C2A * x * z, gradient: (x, _y, z) => [-C2A * z, 0, -C2A * x] },
  { value: (x, y) => C2E * (x * x - y * y), gradient: (x, y) => [2 * C2E * x, -2 * C2E * y, 0] },
  {
    value: (x, y) => -C3A * y * (3 * x * x - y * y),
    gradient: (x, y) => [-6 * C3A * x * y, -3 * C3A * (x * x - y * y), 0],
  },
  { value: (x, y, z) => C3B * x * y * z, gradient: (x, y, z) => [C3B * y * z, C3B * x * z, C3B * x * y] },
  {
    value: (x, y, z) => -C3C * y * (4 * z * z - x * x - y * y),
    gradient: (x, y, z) => [2 * C3C * x * y, -C3C * (4 * z * z - x * x - 3 * y * y), -8 * C3C * y * z],
  },
  {
    value: (x, y, z) => C3D * z * (2 * z * z - 3 * x * x - 3 * y * y),
    gradient: (x, y, z) => [-6 * C3D * x * z, -6 * C3D * y * z, C3D * (6 * z * z - 3 * x * x - 3 * y * y)],
  },
  {
    value: (x, y, z) => -C3C * x * (4 * z * z - x * x - y * y),
    gradient: (x, y, z) => [-C3C * (4 * z * z - 3 * x * x - y * y), 2 * C3C * x * y, -8 * C3C * x * z],
  },
  {
    value: (x, y, z) => C3F * z * (x * x - y * y),
    gradient: (x, y, z) => [2 * C3F * x * z, -2 * C3F * y * z, C3F * (x * x - y * y)],
  },
  {
    value: (x, y) => -C3A * x * (x * x - 3 * y * y),
    gradient: (x, y) => [-3 * C3A * (x * x - y * y), 6 * C3A * x * y, 0],
  },
];

/** Colour before the clamp, 0.5 + Σ Y_k c_k, of coefficients [K][3] seen along the unit `direction`. */
export function shColor(direction: Vec3, sh: ArrayLike<number>): Vec3 {
  const color: [number, number, number] = [0.5, 0.5, 0.5];
  for (let k = 0; k < sh.length / 3; k++) {
    const y = SH_BASIS[k]!.value(...direction);
    for (let c = 0; c < 3; c++) color[c]! += y * sh[3 * k + c]!;
  }
  return color;
}

/** Cotangents of the coefficients and of the direction, given the colour's (already gated by the clamp). */
export function shColorVjp(
  direction: Vec3,
  sh: ArrayLike<number>,
  vColor: Vec3,
): { vSh: number[]; vDirection: Vec3 } {
  const vSh: number[] = [];
  const vDirection: [number, number, number] = [0, 0, 0];
  for (let k = 0; k < sh.length / 3; k++) {
    const y = SH_BASIS[k]!.value(...direction);
    const gradient = SH_BASIS[k]!.gradient(...direction);
    let vY = 0;
    for (let c = 0; c < 3; c++) {
      vSh.push(y * vColor[c]!);
      vY += sh[3 * k + c]! * vColor[c]!;
    }
    for (let axis = 0; axis < 3; axis++) vDirection[axis]! += vY * gradient[axis]!;
  }
  return { vSh, vDirection };
}
