// Adds up each splat's gradient records, which lie side by side, always in the same order. Thread ↔ splat.

#import raster/gradient-record
#import raster/view
#import shared/dispatch

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> tile_counts: array<u32>;              // [N], 0 where culled
@group(0) @binding(2) var<storage, read> pair_ranges: array<vec2u>;            // [N], where not culled
@group(0) @binding(3) var<storage, read> pair_gradients: array<f32>;           // [pairs, RECORD]
@group(0) @binding(4) var<storage, read_write> splat_gradients: array<f32>;    // [N, RECORD]

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
  var range = vec2u(0u);
  if (tile_counts[i] > 0u) {
    range = pair_ranges[i];
  }
  var sum: array<f32, RECORD>;
  for (var pair = range.x; pair < range.x + range.y; pair++) {
    for (var k = 0u; k < RECORD; k++) {
      sum[k] += pair_gradients[pair * RECORD + k];
    }
  }
  for (var k = 0u; k < RECORD; k++) {
    splat_gradients[i * RECORD + k] = sum[k];
  }
}
