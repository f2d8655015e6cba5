// EWA projection of one splat (Zwicker et al. 2001), shared by the forward and the backward pass.
// Twin: src/raster/project.reference.ts, whose header has the equations.
//
//   A = J R_c R(q) diag(eˡ) is 2×3 with rows u, v; Σ₂ = A Aᵀ, so det Σ₂ = |u × v|², and with the low-pass ε
//   det Σ' = |u × v|² + ε (|u|² + |v|²) + ε²: sums of squares, exact in float32 where the textbook difference
//   Σxx Σyy − Σxy² loses every digit of a needle.

#import raster/view
#import shared/rotation

/// px² added to the screen covariance.
const LOW_PASS = 0.3;

struct Footprint {
  camera: vec3f,        // centre in camera space; z is the depth
  mean: vec2f,          // px
  slope: vec2f,         // x/z, y/z as the Jacobian sees them
  clamped: vec2<bool>,
  quaternion: vec4f,    // unit
  quaternion_length: f32,
  rotation: mat3x3f,
  scale: vec3f,
  t_u: vec3f,           // rows of J R_c
  t_v: vec3f,
  a_u: vec3f,           // rows of A over `unit`
  a_v: vec3f,
  unit: f32,            // keeps fourth powers inside float32 for huge splats
  blur: f32,            // ε over unit²
  covariance: vec3f,    // Σ' (xx, xy, yy) over unit²
  det: f32,             // det Σ' over unit⁴
  det_unblurred: f32,   // det Σ₂ over unit⁴
  log2_opacity: f32,    // antialiasing factor included
}

fn project_splat(view: View, mean: vec3f, raw_quaternion: vec4f, log_scale: vec3f, logit: f32) -> Footprint {
  var f: Footprint;
  let world = vec4f(mean, 1.0);
  f.camera = vec3f(dot(view.camera_x, world), dot(view.camera_y, world), dot(view.camera_z, world));
  let z = f.camera.z;
  let slope = f.camera.xy / z;
  f.mean = view.focal * slope + view.principal;
  f.slope = min(max(slope, view.slope_min), view.slope_max);
  f.clamped = f.slope != slope;

  f.quaternion_length = quaternion_length(raw_quaternion);
  f.quaternion = raw_quaternion / f.quaternion_length;
  f.rotation = rotation(f.quaternion);
  f.scale = exp(log_scale);

  f.t_u = (view.focal.x / z) * (view.camera_x.xyz - f.slope.x * view.camera_z.xyz);
  f.t_v = (view.focal.y / z) * (view.camera_y.xyz - f.slope.y * view.camera_z.xyz);
  let u = (f.t_u * f.rotation) * f.scale;
  let v = (f.t_v * f.rotation) * f.scale;
  let largest = max(abs(u), abs(v));
  f.unit = max(1.0, max(largest.x, max(largest.y, largest.z)));
  f.a_u = u / f.unit;
  f.a_v = v / f.unit;
  f.blur = LOW_PASS / f.unit / f.unit;

  let uu = dot(f.a_u, f.a_u);
  let vv = dot(f.a_v, f.a_v);
  let normal = cross(f.a_u, f.a_v);
  f.covariance = vec3f(uu + f.blur, dot(f.a_u, f.a_v), vv + f.blur);
  f.det_unblurred = dot(normal, normal);
  f.det = f.det_unblurred + f.blur * (uu + vv) + f.blur * f.blur;

  f.log2_opacity = -log2(1.0 + exp(-logit));
  if (view.antialias != 0u) {
    f.log2_opacity += 0.5 * log2(f.det_unblurred / f.det);
  }
  return f;
}

/// Scale of the folded factor: √(½ log₂ e), so that exponents are powers of two.
const FOLD = 0.8493218002880191;

/// Q = Σ'⁻¹ = Lᵀ L with L₁₁² = Σyy / det, L₁₂ = −Σxy / √(Σyy det), L₂₂² = 1 / Σyy. Returns (L₁₁, L₁₂, L₂₂) · FOLD.
fn folded_cholesky(f: Footprint) -> vec3f {
  let root_yy = sqrt(f.covariance.z);
  let root_det = sqrt(f.det);
  return (FOLD / f.unit) * vec3f(root_yy / root_det, -f.covariance.y / (root_yy * root_det), 1.0 / root_yy);
}
