// Along a digit's row: how often the digit occurs in the blocks before each block, and in all. Workgroup ↔ digit.

#import sort/radix

@group(0) @binding(0) var<uniform> params: RadixParams;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> table: array<u32>;        // [digits, stride]
@group(0) @binding(3) var<storage, read_write> digit_totals: array<u32>; // [digits]

const ROW_ITEMS = 4u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let count = min(counts[params.count_index], params.capacity);
  let blocks = count / RADIX_BLOCK + select(0u, 1u, count % RADIX_BLOCK != 0u);
  let row = group.x * params.stride;
  var before = 0u;
  for (var start = 0u; start < blocks; start += LANES * ROW_ITEMS) {
    let first = start + lane * ROW_ITEMS;
    var sums: array<u32, ROW_ITEMS>;
    var sum = 0u;
    for (var item = 0u; item < ROW_ITEMS; item++) {
      sums[item] = sum;
      if (first + item < blocks) {
        sum += table[row + first + item];
      }
    }
    let scanned = scan_lanes(lane, sum);
    for (var item = 0u; item < ROW_ITEMS; item++) {
      if (first + item < blocks) {
        table[row + first + item] = before + scanned.before + sums[item];
      }
    }
    before += scanned.total;
  }
  if (lane == 0u) {
    digit_totals[group.x] = before;
  }
}
