// sums += weight · values. One thread per float. Gradients of several views of a step meet here.

#import shared/dispatch

struct Params {
  count: u32,
  weight: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(256)
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let i = group_number(group, groups) * 256u + thread;
  if i >= params.count { return; }
  sums[i] += params.weight * values[i];
}
