// What the three passes of a prefix sum share. Reduce, then scan the blocks' sums, then scan inside the blocks
// (Merrill and Grimshaw 2009): no workgroup waits for another, which WebGPU would not promise to end.

#import sort/workgroup-scan

const ITEMS = 8u; // neighbours that one thread takes
const SCAN_BLOCK = LANES * ITEMS;

struct ScanParams {
  count: u32,
  blocks: u32,
  // Where the sum of everything goes.
  total_index: u32,
}
