// Emits one (splat, tile) pair for each tile a splat touches, nearest splat first, so that a stable sort by tile
// leaves every tile's list in depth order. A splat's pairs are neighbours: the backward pass writes one gradient
// record per pair and sums the neighbours. Thread ↔ visible splat, by depth rank.
//
// Counting and emitting evaluate the same functions in two shaders, where rounding may differ. The count rules: what
// is too much is dropped, what is missing is filled with a tile past the last one, which is drawn by nobody.

#import raster/counters
#import raster/spans
#import shared/dispatch

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read_write> counters: Counters;
@group(0) @binding(2) var<storage, read> splats: array<Splat>;            // [N]
@group(0) @binding(3) var<storage, read> splat_from_rank: array<u32>;     // [visible]
@group(0) @binding(4) var<storage, read> ranked_tile_counts: array<u32>;  // [visible]
@group(0) @binding(5) var<storage, read> pair_offsets: array<u32>;        // [visible], pairs of nearer splats
@group(0) @binding(6) var<storage, read_write> pair_tiles: array<u32>;    // [pairs], sort keys
@group(0) @binding(7) var<storage, read_write> pair_splats: array<u32>;   // [pairs]
@group(0) @binding(8) var<storage, read_write> pair_ranges: array<vec2u>; // [N] first pair, number of pairs

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let rank = group_number(group, groups) * 256u + lane;
  if (rank >= counters.visible) {
    return;
  }
  let i = splat_from_rank[rank];
  let splat = splats[i];
  let offset = pair_offsets[rank];
  let offset_behind = offset + ranked_tile_counts[rank];
  if (offset_behind < offset) {
    // More than 2³² pairs: the sum has wrapped, and with it the total.
    atomicStore(&counters.wrapped, 1u);
  }
  let first = min(offset, view.max_pairs);
  let end = clamp(offset_behind, first, view.max_pairs);

  let ellipse = cut_off_ellipse(splat);
  let rows = touched_tile_rows(view, splat, ellipse);
  var next = first;
  for (var row = rows.x; row < rows.y && next < end; row++) {
    let columns = touched_tiles(view, splat, ellipse, row);
    for (var column = columns.x; column < columns.y && next < end; column++) {
      pair_tiles[next] = row * view.tiles.x + column;
      pair_splats[next] = i;
      next++;
    }
  }
  pair_ranges[i] = vec2u(first, next - first);
  for (; next < end; next++) {
    pair_tiles[next] = view.tiles.x * view.tiles.y;
    pair_splats[next] = i;
  }
}
