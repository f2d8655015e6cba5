// Derivative of the projection: from a splat's summed gradient record to its shape, opacity and position. The
// colour's share is color-vjp's; the position found here is handed over in the record's first three places.
// Thread ↔ splat. Twin: geometryVjp in src/raster/project.reference.ts.
//
// With A = T M the 2×3 factor of Σ₂ (raster/footprint), M = R diag(s), T = J R_c:
//   V_A = 2 V_Σ' A + v_ln ρ ε Σ₂⁻¹ Q A     (opacity compensation: ∂ ln ρ/∂Σ₂ = ½ (Σ₂⁻¹ − Q) = ½ ε Σ₂⁻¹ Q)
//   V_M = Tᵀ V_A,   V_T = V_A Mᵀ,   V_J = V_T R_cᵀ

#import raster/footprint
#import raster/gradient-record
#import shared/dispatch

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> means: array<f32>;                  // [N, 3]
@group(0) @binding(2) var<storage, read> quaternions: array<vec4f>;          // [N]
@group(0) @binding(3) var<storage, read> log_scales: array<f32>;             // [N, 3]
@group(0) @binding(4) var<storage, read> opacity_logits: array<f32>;         // [N]
@group(0) @binding(5) var<storage, read_write> splat_gradients: array<f32>;  // [N, RECORD]
@group(0) @binding(6) var<storage, read_write> v_quaternions: array<vec4f>;  // [N]
@group(0) @binding(7) var<storage, read_write> v_log_scales: array<f32>;     // [N, 3]
@group(0) @binding(8) var<storage, read_write> v_opacity_logits: array<f32>; // [N]

struct Gradient {
  mean: vec3f,
  quaternion: vec4f,
  log_scale: vec3f,
  opacity_logit: f32,
}

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = group_number(group, groups) * 256u + lane;
  if (i >= view.count) {
    return;
  }
  var sums: array<f32, RECORD>;
  var magnitude = 0.0;
  for (var k = 0u; k < RECORD; k++) {
    sums[k] = splat_gradients[i * RECORD + k];
    magnitude += abs(sums[k]);
  }
  // A culled splat may have no footprint at all, and then 0 · ∞ must not happen.
  var v = Gradient();
  if (magnitude > 0.0) {
    v = pull_back(i, &sums);
  }
  for (var k = 0u; k < 3u; k++) {
    splat_gradients[i * RECORD + k] = v.mean[k];
    v_log_scales[3u * i + k] = v.log_scale[k];
  }
  v_quaternions[i] = v.quaternion;
  v_opacity_logits[i] = v.opacity_logit;
}

fn pull_back(i: u32, sums: ptr<function, array<f32, RECORD>>) -> Gradient {
  let mean = vec3f(means[3u * i], means[3u * i + 1u], means[3u * i + 2u]);
  let log_scale = vec3f(log_scales[3u * i], log_scales[3u * i + 1u], log_scales[3u * i + 2u]);
  let logit = opacity_logits[i];
  let f = project_splat(view, mean, quaternions[i], log_scale, logit);
  let l = folded_cholesky(f) / FOLD;
  let fold2 = FOLD * FOLD;

  let v_log_opacity = -(*sums)[SUM_Q];
  let v_mean_px = vec2f(l.x * (*sums)[SUM_Q1], l.y * (*sums)[SUM_Q1] + l.z * (*sums)[SUM_Q2]) / FOLD;

  // Rows of L A, at most of length one: A scaled by `unit`, L by its inverse.
  let first = f.unit * (l.x * f.a_u + l.y * f.a_v);
  let second = f.unit * l.z * f.a_v;
  let moved_first = ((*sums)[SUM_Q11] * first + (*sums)[SUM_Q12] * second) / fold2;
  let moved_second = ((*sums)[SUM_Q12] * first + (*sums)[SUM_Q22] * second) / fold2;
  var v_u = -l.x * moved_first;
  var v_v = -l.y * moved_first - l.z * moved_second;
  if (view.antialias != 0u) {
    // Rows of Q A = Lᵀ (L A), then Σ₂⁻¹ as adjugate over determinant.
    let row_u = l.x * first;
    let row_v = l.y * first + l.z * second;
    let scale = v_log_opacity * f.blur / f.det_unblurred;
    let uv = dot(f.a_u, f.a_v);
    v_u += scale * (dot(f.a_v, f.a_v) * row_u - uv * row_v);
    v_v += scale * (dot(f.a_u, f.a_u) * row_v - uv * row_u);
  }

  var v: Gradient;
  v.opacity_logit = v_log_opacity / (1.0 + exp(logit));
  v.log_scale = f.unit * (f.a_u * v_u + f.a_v * v_v);

  let su = v_u * f.scale;
  let sv = v_v * f.scale;
  let v_rotation = mat3x3f(
    f.t_u * su.x + f.t_v * sv.x,
    f.t_u * su.y + f.t_v * sv.y,
    f.t_u * su.z + f.t_v * sv.z,
  );
  v.quaternion = rotation_vjp(f.quaternion, f.quaternion_length, v_rotation);

  let v_camera = camera_space_gradient(f, v_mean_px, f.rotation * su, f.rotation * sv, (*sums)[SUM_DEPTH]);
  v.mean = v_camera.x * view.camera_x.xyz + v_camera.y * view.camera_y.xyz + v_camera.z * view.camera_z.xyz;
  return v;
}

/// Through u = f x/z + c and through J's entries f/z and −f s/z, where a clamped slope s is a constant.
fn camera_space_gradient(f: Footprint, v_mean: vec2f, v_t_u: vec3f, v_t_v: vec3f, v_depth: f32) -> vec3f {
  let z = f.camera.z;
  let scale = view.focal / z;
  let v_diagonal = vec2f(dot(view.camera_x.xyz, v_t_u), dot(view.camera_y.xyz, v_t_v));
  let v_skew = vec2f(dot(view.camera_z.xyz, v_t_u), dot(view.camera_z.xyz, v_t_v));
  let through_slope = select(v_skew / z, vec2f(0.0), f.clamped);
  let v_xy = scale * (v_mean - through_slope);
  let repeated = select(vec2f(2.0), vec2f(1.0), f.clamped);
  let v_z = scale * (-v_mean * f.camera.xy - v_diagonal + repeated * f.slope * v_skew) / z;
  return vec3f(v_xy, v_z.x + v_z.y + v_depth);
}
