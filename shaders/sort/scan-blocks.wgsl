// Replaces the blocks' sums by the sums of the blocks before them, and writes the sum of all. One workgroup.

#import sort/scan

@group(0) @binding(0) var<uniform> params: ScanParams;
@group(0) @binding(1) var<storage, read_write> block_sums: array<u32>; // [blocks]
@group(0) @binding(2) var<storage, read_write> totals: array<u32>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  var before = 0u;
  for (var start = 0u; start < params.blocks; start += SCAN_BLOCK) {
    let first = start + lane * ITEMS;
    var sums: array<u32, ITEMS>;
    var sum = 0u;
    for (var item = 0u; item < ITEMS; item++) {
      sums[item] = sum;
      if (first + item < params.blocks) {
        sum += block_sums[first + item];
      }
    }
    let scanned = scan_lanes(lane, sum);
    for (var item = 0u; item < ITEMS; item++) {
      if (first + item < params.blocks) {
        block_sums[first + item] = before + scanned.before + sums[item];
      }
    }
    before += scanned.total;
  }
  if (lane == 0u) {
    totals[params.total_index] = before;
  }
}
