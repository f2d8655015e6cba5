// How much an image differs from another, one number a pixel: the mean of |a − b| over the channels.
// Twin: src/diffusion/codecs/decode-residual.reference.ts.

#import shared/dispatch

struct Params {
  pixels: u32,
  channels: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [C, H, W]
@group(0) @binding(2) var<storage, read> b: array<f32>; // [C, H, W]
@group(0) @binding(3) var<storage, read_write> change: array<f32>; // [H, W]

@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let pixel = group_number(group, groups) * 64u + thread;
  if pixel >= params.pixels { return; }
  var sum = 0.0;
  for (var c = 0u; c < params.channels; c++) {
    let i = c * params.pixels + pixel;
    sum += abs(a[i] - b[i]);
  }
  change[pixel] = sum / f32(params.channels);
}
