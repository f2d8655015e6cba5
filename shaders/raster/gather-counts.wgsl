// Tile counts in depth order, for the sum that places each splat's pairs; 0 past the last visible splat.
// Thread ↔ depth rank.

#import raster/counters
#import raster/view
#import shared/dispatch

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read_write> counters: Counters;
@group(0) @binding(2) var<storage, read> splat_from_rank: array<u32>;        // [visible]
@group(0) @binding(3) var<storage, read> tile_counts: array<u32>;            // [N]
@group(0) @binding(4) var<storage, read_write> ranked_tile_counts: array<u32>; // [N]

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let rank = group_number(group, groups) * 256u + lane;
  if (rank >= view.count) {
    return;
  }
  var tiles = 0u;
  if (rank < counters.visible) {
    tiles = tile_counts[splat_from_rank[rank]];
  }
  ranked_tile_counts[rank] = tiles;
}
