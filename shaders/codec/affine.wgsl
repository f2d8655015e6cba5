// y = scale·x + offset: an image's [0, 1] to a network's [-1, 1], and back.

#import shared/dispatch

struct Params {
  count: u32,
  first: u32, // of x
  scale: f32,
  offset: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let i = group_number(group, groups) * 64u + thread;
  if i >= params.count { return; }
  y[i] = params.scale * x[params.first + i] + params.offset;
}
