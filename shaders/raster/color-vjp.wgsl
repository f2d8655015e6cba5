// Derivative of the view-dependent colour: SH coefficients, and the position through the view direction.
// Thread ↔ splat. Twin: shadeVjp in src/raster/project.reference.ts.

#import raster/gradient-record
#import raster/splat
#import shared/dispatch
#import shared/sh

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> means: array<f32>;            // [N, 3]
@group(0) @binding(2) var<storage, read> sh: array<f32>;               // [N, K, 3]
@group(0) @binding(3) var<storage, read> splats: array<Splat>;         // [N], where visible
@group(0) @binding(4) var<storage, read> splat_gradients: array<f32>;  // [N, RECORD], first the position so far
@group(0) @binding(5) var<storage, read_write> v_means: array<f32>;    // [N, 3]
@group(0) @binding(6) var<storage, read_write> v_sh: array<f32>;       // [N, K, 3]

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
  let record = i * RECORD;
  let v_color = vec3f(
    splat_gradients[record + SUM_RED],
    splat_gradients[record + SUM_GREEN],
    splat_gradients[record + SUM_BLUE],
  );
  let first = 3u * view.sh_stored * i;
  var v_mean = vec3f(splat_gradients[record], splat_gradients[record + 1u], splat_gradients[record + 2u]);

  // Also what a culled splat has, whose direction and colour mean nothing.
  let is_lit = any(v_color != vec3f(0.0));
  var drawn = 0u;
  if (is_lit) {
    drawn = view.sh_drawn;
    let v_unclamped = select(vec3f(0.0), v_color, splats[i].color > vec3f(0.0));
    let offset = vec3f(means[3u * i], means[3u * i + 1u], means[3u * i + 2u]) - view.centre;
    let distance = length(offset);
    let direction = offset / distance;
    let basis = sh_basis(direction);
    let gradient = sh_basis_gradient(direction);
    var v_direction = vec3f(0.0);
    for (var k = 0u; k < drawn; k++) {
      let at = first + 3u * k;
      let v_coefficient = basis[k] * v_unclamped;
      v_sh[at] = v_coefficient.r;
      v_sh[at + 1u] = v_coefficient.g;
      v_sh[at + 2u] = v_coefficient.b;
      v_direction += dot(vec3f(sh[at], sh[at + 1u], sh[at + 2u]), v_unclamped) * gradient[k];
    }
    v_mean += (v_direction - dot(v_direction, direction) * direction) / distance;
  }
  for (var at = first + 3u * drawn; at < first + 3u * view.sh_stored; at++) {
    v_sh[at] = 0.0;
  }
  v_means[3u * i] = v_mean.x;
  v_means[3u * i + 1u] = v_mean.y;
  v_means[3u * i + 2u] = v_mean.z;
}
