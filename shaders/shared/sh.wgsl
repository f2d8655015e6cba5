// Real spherical harmonics up to degree 3 along a unit direction, and their gradient.
// Basis and signs as in Kerbl et al. 2023, supplement. Twin: src/raster/sh.reference.ts.

const SH_C0 = 0.28209479177387814;
const SH_C1 = 0.4886025119029199;
const SH_C2A = 1.0925484305920792;
const SH_C2C = 0.31539156525252005;
const SH_C2E = 0.5462742152960396;
const SH_C3A = 0.5900435899266435;
const SH_C3B = 2.890611442640554;
const SH_C3C = 0.4570457994644658;
const SH_C3D = 0.3731763325901154;
const SH_C3F = 1.445305721320277;

/// The 16 basis functions; those beyond the degree in use are computed and not looked at.
fn sh_basis(d: vec3f) -> array<f32, 16> {
  let x = d.x;
  let y = d.y;
  let z = d.z;
  let xx = x * x;
  let yy = y * y;
  let zz = z * z;
  return array<f32, 16>(
    SH_C0,
    -SH_C1 * y,
    SH_C1 * z,
    -SH_C1 * x,
    SH_C2A * x * y,
    -SH_C2A * y * z,
    SH_C2C * (2.0 * zz - xx - yy),
    -SH_C2A * x * z,
    SH_C2E * (xx - yy),
    -SH_C3A * y * (3.0 * xx - yy),
    SH_C3B * x * y * z,
    -SH_C3C * y * (4.0 * zz - xx - yy),
    SH_C3D * z * (2.0 * zz - 3.0 * xx - 3.0 * yy),
    -SH_C3C * x * (4.0 * zz - xx - yy),
    SH_C3F * z * (xx - yy),
    -SH_C3A * x * (xx - 3.0 * yy),
  );
}

/// ∂Y_k/∂d for each basis function, the direction taken as a free vector.
fn sh_basis_gradient(d: vec3f) -> array<vec3f, 16> {
  let x = d.x;
  let y = d.y;
  let z = d.z;
  let xx = x * x;
  let yy = y * y;
  let zz = z * z;
  return array<vec3f, 16>(
    vec3f(0.0),
    vec3f(0.0, -SH_C1, 0.0),
    vec3f(0.0, 0.0, SH_C1),
    vec3f(-SH_C1, 0.0, 0.0),
    SH_C2A * vec3f(y, x, 0.0),
    -SH_C2A * vec3f(0.0, z, y),
    SH_C2C * vec3f(-2.0 * x, -2.0 * y, 4.0 * z),
    -SH_C2A * vec3f(z, 0.0, x),
    SH_C2E * vec3f(2.0 * x, -2.0 * y, 0.0),
    -SH_C3A * vec3f(6.0 * x * y, 3.0 * (xx - yy), 0.0),
    SH_C3B * vec3f(y * z, x * z, x * y),
    SH_C3C * vec3f(2.0 * x * y, -(4.0 * zz - xx - 3.0 * yy), -8.0 * y * z),
    SH_C3D * vec3f(-6.0 * x * z, -6.0 * y * z, 6.0 * zz - 3.0 * xx - 3.0 * yy),
    SH_C3C * vec3f(-(4.0 * zz - 3.0 * xx - yy), 2.0 * x * y, -8.0 * x * z),
    SH_C3F * vec3f(2.0 * x * z, -2.0 * y * z, xx - yy),
    SH_C3A * vec3f(-3.0 * (xx - yy), 6.0 * x * y, 0.0),
  );
}
