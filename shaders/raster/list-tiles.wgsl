// Turns pairs sorted by tile into each tile's list. Thread ↔ pair, in sorted order.
// `tile_ranges` is zero beforehand, which is what tiles without splats keep.

#import raster/counters
#import raster/tile-lists
#import raster/view
#import shared/dispatch

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read_write> counters: Counters;
@group(0) @binding(2) var<storage, read> sorted_tiles: array<u32>;           // [pairs]
@group(0) @binding(3) var<storage, read> sorted_pairs: array<u32>;           // [pairs], place in emission order
@group(0) @binding(4) var<storage, read> pair_splats: array<u32>;            // [pairs], in emission order
@group(0) @binding(5) var<storage, read_write> entries: array<Entry>;        // [pairs]
@group(0) @binding(6) var<storage, read_write> tile_ranges: array<vec2u>;    // [tiles] first, one past the last

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = group_number(group, groups) * 256u + lane;
  if (i == 0u) {
    counters.drawn = 1u;
  }
  let pairs = min(counters.wanted_pairs, view.max_pairs);
  if (i >= pairs) {
    return;
  }
  let pair = sorted_pairs[i];
  entries[i] = Entry(pair_splats[pair], pair);
  let tile = sorted_tiles[i];
  // Padding, see raster/emit.
  if (tile >= view.tiles.x * view.tiles.y) {
    return;
  }
  if (i == 0u || sorted_tiles[i - 1u] != tile) {
    tile_ranges[tile].x = i;
  }
  if (i + 1u == pairs || sorted_tiles[i + 1u] != tile) {
    tile_ranges[tile].y = i + 1u;
  }
}
