/**
 * Real spherical harmonics up to degree 3 along a unit direction, for whole scenes on the CPU. Basis and signs as in
 * Kerbl et al. 2023, supplement; twin: shaders/shared/sh.wgsl.
 */
export const SH_C0 = 0.28209479177387814;
const C1 = 0.4886025119029199;
const [C2A, C2C, C2E] = [1.0925484305920792, 0.31539156525252005, 0.5462742152960396];
const [C3A, C3B, C3C] = [0.5900435899266435, 2.890611442640554, 0.4570457994644658];
const [C3D, C3F] = [0.3731763325901154, 1.445305721320277];

/** Writes the 16 basis functions. */
export function shBasis(x: number, y: number, z: number, out: Float64Array): void {
  const [xx, yy, zz] = [x * x, y * y, z * z];
  out[0] = SH_C0;
  out[1] = -C1 * y;
  out[2] = C1 * z;
  out[3] = -C1 * x;
  out[4] = C2A * x * y;
  out[5] = -C2A * y * z;
  out[6] = C2C * (2 * zz - xx - yy);
  out[7] = -C2A * x * z;
  out[8] = C2E * (xx - yy);
  out[9] = -C3A * y * (3 * xx - yy);
  out[10] = C3B * x * y * z;
  out[11] = -C3C * y * (4 * zz - xx - yy);
  out[12] = C3D * z * (2 * zz - 3 * xx - 3 * yy);
  out[13] = -C3C * x * (4 * zz - xx - yy);
  out[14] = C3F * z * (xx - yy);
  out[15] = -C3A * x * (xx - 3 * yy);
}
