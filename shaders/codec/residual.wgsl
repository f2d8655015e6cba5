// The decode-residual's image cotangent: gain·(D(z) − D(z − η·g) + relax·w·(x − D(z))), where w ramps from 0 to 1 as
// the change from the source, averaged over a box, goes from `low` to `high`.
// Twin: src/diffusion/codecs/decode-residual.reference.ts.

#import shared/dispatch

/// Side of the box is 2·radius + 1; beyond the border the change counts as 0.
const RADIUS = 4;

struct Params {
  width: u32,
  height: u32,
  channels: u32,
  gain: f32,
  relax: f32,
  low: f32,
  high: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> image: array<f32>; // x [C, H, W]
@group(0) @binding(2) var<storage, read> decoded: array<f32>; // D(z) [C, H, W]
@group(0) @binding(3) var<storage, read> moved: array<f32>; // D(z − η·g) [C, H, W]
@group(0) @binding(4) var<storage, read> change: array<f32>; // [H, W]
@group(0) @binding(5) var<storage, read_write> v_image: array<f32>; // [C, H, W]

fn box_mean(x: i32, y: i32) -> f32 {
  let width = i32(params.width);
  let height = i32(params.height);
  var sum = 0.0;
  for (var row = max(y - RADIUS, 0); row <= min(y + RADIUS, height - 1); row++) {
    for (var column = max(x - RADIUS, 0); column <= min(x + RADIUS, width - 1); column++) {
      sum += change[row * width + column];
    }
  }
  let side = f32(2 * RADIUS + 1);
  return sum / (side * side);
}

@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let pixels = params.width * params.height;
  let pixel = group_number(group, groups) * 64u + thread;
  if pixel >= pixels { return; }
  var pull = 0.0;
  if params.relax > 0.0 {
    let mean = box_mean(i32(pixel % params.width), i32(pixel / params.width));
    pull = params.relax * clamp((mean - params.low) / (params.high - params.low), 0.0, 1.0);
  }
  for (var c = 0u; c < params.channels; c++) {
    let i = c * pixels + pixel;
    v_image[i] = params.gain * (decoded[i] - moved[i] + pull * (image[i] - decoded[i]));
  }
}
