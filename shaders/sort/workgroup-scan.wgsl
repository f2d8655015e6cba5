// Exclusive prefix sum over a workgroup of 256 threads: 16 threads add up 16 values each, then every thread adds the
// sums of the segments before its own. Three barriers, no subgroups.

const LANES = 256u;
const SEGMENT = 16u;

// One word of padding per segment, so that the 16 threads meet different memory banks.
var<workgroup> lane_sums: array<u32, LANES + LANES / SEGMENT>;
var<workgroup> segment_sums: array<u32, LANES / SEGMENT>;

struct ScannedLane {
  // Sum of the lanes before this one, and of all.
  before: u32,
  total: u32,
}

/// To be called by all threads together.
fn scan_lanes(lane: u32, value: u32) -> ScannedLane {
  let segment = lane / SEGMENT;
  lane_sums[lane + segment] = value;
  workgroupBarrier();
  if (lane < LANES / SEGMENT) {
    var sum = 0u;
    for (var i = 0u; i < SEGMENT; i++) {
      let at = lane * (SEGMENT + 1u) + i;
      let own = lane_sums[at];
      lane_sums[at] = sum;
      sum += own;
    }
    segment_sums[lane] = sum;
  }
  workgroupBarrier();
  var result = ScannedLane(lane_sums[lane + segment], 0u);
  for (var i = 0u; i < LANES / SEGMENT; i++) {
    result.before += select(0u, segment_sums[i], i < segment);
    result.total += segment_sums[i];
  }
  // The next call may write again.
  workgroupBarrier();
  return result;
}
