// Where each digit of each segment begins: behind all smaller digits, and behind the same digit of the segments
// before. Leaves the counts at zero for the next digit. One workgroup, thread ↔ digit.

#import sort/radix
#import sort/workgroup-scan

@group(0) @binding(0) var<uniform> params: RadixParams;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> segment_counts: array<u32>; // [segments, digits]
@group(0) @binding(3) var<storage, read_write> segment_places: array<u32>; // [segments, digits]

const SEGMENT_KEYS = RADIX_BLOCK * SEGMENT_BLOCKS;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  let count = min(counts[params.count_index], params.capacity);
  let segments = count / SEGMENT_KEYS + select(0u, 1u, count % SEGMENT_KEYS != 0u);
  let is_digit = lane < params.digits;
  var total = 0u;
  if (is_digit) {
    for (var segment = 0u; segment < segments; segment++) {
      total += segment_counts[segment * params.digits + lane];
    }
  }
  var place = scan_lanes(lane, total).before;
  if (is_digit) {
    for (var segment = 0u; segment < segments; segment++) {
      let at = segment * params.digits + lane;
      segment_places[at] = place;
      place += segment_counts[at];
      segment_counts[at] = 0u;
    }
  }
}
