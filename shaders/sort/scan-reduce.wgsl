// Sums every block of 2,048 values. Workgroup ↔ block.

#import sort/scan
#import shared/dispatch

@group(0) @binding(0) var<uniform> params: ScanParams;
@group(0) @binding(1) var<storage, read> values: array<u32>;                // [count]
@group(0) @binding(2) var<storage, read_write> block_sums: array<u32>;      // [blocks]

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
  var sum = 0u;
  for (var item = 0u; item < ITEMS; item++) {
    let i = block * SCAN_BLOCK + item * LANES + lane;
    if (i < params.count) {
      sum += values[i];
    }
  }
  let total = scan_lanes(lane, sum).total;
  if (lane == 0u) {
    block_sums[block] = total;
  }
}
