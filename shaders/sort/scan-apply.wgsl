// Sum of all values before each value. Workgroup ↔ block of 2,048.

#import sort/scan
#import shared/dispatch

@group(0) @binding(0) var<uniform> params: ScanParams;
@group(0) @binding(1) var<storage, read> values: array<u32>;           // [count]
@group(0) @binding(2) var<storage, read> blocks_before: array<u32>;    // [blocks], sum of the blocks before
@group(0) @binding(3) var<storage, read_write> sums: array<u32>;       // [count]

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let block = group_number(group, groups);
  if (block >= params.blocks) {
    return;
  }
  let first = block * SCAN_BLOCK + lane * ITEMS;
  var sum = 0u;
  var own_sums: array<u32, ITEMS>;
  for (var item = 0u; item < ITEMS; item++) {
    own_sums[item] = sum;
    if (first + item < params.count) {
      sum += values[first + item];
    }
  }
  let before = blocks_before[block] + scan_lanes(lane, sum).before;
  for (var item = 0u; item < ITEMS; item++) {
    if (first + item < params.count) {
      sums[first + item] = before + own_sums[item];
    }
  }
}
