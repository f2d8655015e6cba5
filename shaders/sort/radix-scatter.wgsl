// Moves keys and values to where their digit belongs, equal digits in the order they came in. Workgroup ↔ block.
//
// A round takes neighbouring keys, one per thread. Each thread sets its bit in its digit's mask; the bits before
// its own are the keys of that digit that go first.

#import sort/radix
#import shared/dispatch

@group(0) @binding(0) var<uniform> params: RadixParams;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(0) @binding(2) var<storage, read> block_counts: array<u32>;        // [blocks, digits]
@group(0) @binding(3) var<storage, read> segment_places: array<u32>;      // [segments, digits]
@group(0) @binding(4) var<storage, read> keys: array<u32>;                // [count]
@group(0) @binding(5) var<storage, read> values: array<u32>;              // [count]
@group(0) @binding(6) var<storage, read_write> sorted_keys: array<u32>;   // [count]
@group(0) @binding(7) var<storage, read_write> sorted_values: array<u32>; // [count]

override MASK_WORDS: u32 = SORT_LANES / 32u;

var<workgroup> masks: array<atomic<u32>, MASK_WORDS * MAX_DIGITS>; // [word, digit]
/// Where the next key of each digit goes.
var<workgroup> next_place: array<u32, MAX_DIGITS>;

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
  let segment = block / SEGMENT_BLOCKS;
  for (var digit = lane; digit < params.digits; digit += SORT_LANES) {
    var place = segment_places[segment * params.digits + digit];
    for (var before = segment * SEGMENT_BLOCKS; before < block; before++) {
      place += block_counts[before * params.digits + digit];
    }
    next_place[digit] = place;
  }

  let own_word = lane / 32u;
  let own_bit = 1u << (lane % 32u);
  for (var first = start; first < min(start + RADIX_BLOCK, count); first += SORT_LANES) {
    let i = first + lane;
    let is_key = i < count;
    var key = 0u;
    var digit = 0u;
    if (is_key) {
      key = keys[i];
      digit = digit_of(params, key);
      atomicOr(&masks[own_word * MAX_DIGITS + digit], own_bit);
    }
    workgroupBarrier();
    var before = 0u;
    var same = 0u;
    var place = 0u;
    if (is_key) {
      for (var word = 0u; word < MASK_WORDS; word++) {
        let mask = atomicLoad(&masks[word * MAX_DIGITS + digit]);
        same += countOneBits(mask);
        if (word < own_word) {
          before += countOneBits(mask);
        } else if (word == own_word) {
          before += countOneBits(mask & (own_bit - 1u));
        }
      }
      place = next_place[digit] + before;
    }
    workgroupBarrier();
    if (is_key) {
      atomicStore(&masks[own_word * MAX_DIGITS + digit], 0u);
      if (before == 0u) {
        next_place[digit] += same;
      }
      sorted_keys[place] = key;
      if (params.values_are_places != 0u) {
        sorted_values[place] = i;
      } else {
        sorted_values[place] = values[i];
      }
    }
    workgroupBarrier();
  }
}
