// One Adam step on one attribute (Kingma & Ba 2015, algorithm 1), in place. Twin: src/optim/adam.reference.ts.
// One thread per float. A splat whose mask is 0 is not written at all, so it stays the same to the bit.

#import shared/dispatch
#import shared/finite

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-15;

struct Params {
  count: u32, // floats
  width: u32, // floats per splat
  lead_lanes: u32, // lanes of a splat that move at lead_rate; the rest moves at rest_rate
  masked: u32, // whether `mask` counts
  lead_rate: f32,
  rest_rate: f32,
  correction1: f32, // 1 − β1^step
  correction2: f32, // 1 − β2^step
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<u32>; // [N]
@group(0) @binding(2) var<storage, read> gradients: array<f32>;
@group(0) @binding(3) var<storage, read_write> values: array<f32>;
@group(0) @binding(4) var<storage, read_write> first_moments: array<f32>;
@group(0) @binding(5) var<storage, read_write> second_moments: array<f32>;

@compute @workgroup_size(256)
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let i = group_number(group, groups) * 256u + thread;
  if i >= params.count { return; }
  let splat = i / params.width;
  if params.masked != 0u && mask[splat] == 0u { return; }

  let gradient = select(0.0, gradients[i], is_finite(gradients[i]));
  let first = BETA1 * first_moments[i] + (1.0 - BETA1) * gradient;
  let second = BETA2 * second_moments[i] + (1.0 - BETA2) * gradient * gradient;
  first_moments[i] = first;
  second_moments[i] = second;

  let rate = select(params.rest_rate, params.lead_rate, i - splat * params.width < params.lead_lanes);
  values[i] -= rate * (first / params.correction1) / (sqrt(second / params.correction2) + EPSILON);
}
