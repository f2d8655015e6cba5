// How often each digit occurs in each block and in each segment. Workgroup ↔ block.

#import sort/radix
#import shared/dispatch

@group(0) @binding(0) var<uniform> params: RadixParams;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(0) @binding(2) var<storage, read> keys: array<u32>;                         // [count]
@group(0) @binding(3) var<storage, read_write> block_counts: array<u32>;           // [blocks, digits]
@group(0) @binding(4) var<storage, read_write> segment_counts: array<atomic<u32>>; // [segments, digits], 0 before

var<workgroup> histogram: array<atomic<u32>, MAX_DIGITS>;

@compute @workgroup_size(SORT_LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let count = min(counts[params.count_index], params.capacity);
  let block = group_number(group, groups);
  let start = block * RADIX_BLOCK;
  if (start >= count) {
    return;
  }
  // Equal neighbours are counted before they are added: keys of a scene share their high digits, and adding one by
  // one would queue all threads at one word.
  var digit = 0u;
  var run = 0u;
  for (var i = start + lane; i < min(start + RADIX_BLOCK, count); i += SORT_LANES) {
    let next = digit_of(params, keys[i]);
    if (next != digit && run > 0u) {
      atomicAdd(&histogram[digit], run);
      run = 0u;
    }
    digit = next;
    run++;
  }
  if (run > 0u) {
    atomicAdd(&histogram[digit], run);
  }
  workgroupBarrier();
  for (var value = lane; value < params.digits; value += SORT_LANES) {
    let own = atomicLoad(&histogram[value]);
    block_counts[block * params.digits + value] = own;
    if (own > 0u) {
      atomicAdd(&segment_counts[block / SEGMENT_BLOCKS * params.digits + value], own);
    }
  }
}
