// What the passes of the radix sort share. Least significant digit first, at most 8 bits a digit; each digit takes
// three passes: count its values per block, turn counts into places, move the keys there. Sums of counts are formed
// per segment of 16 blocks on the way, so that one workgroup can scan what remains.

/// Threads that count or move the keys of a block.
override SORT_LANES: u32 = 256u;
const RADIX_BLOCK = 4096u;
const SEGMENT_BLOCKS = 16u;
const MAX_DIGITS = 256u;

struct RadixParams {
  // Room in the buffers; more keys than that are not looked at.
  capacity: u32,
  // Where the number of keys lies in the buffer of counts.
  count_index: u32,
  // The digit at hand: `shift` bits from the right, `digits` values.
  shift: u32,
  digits: u32,
  // Whether a key's value is its place before the sort.
  values_are_places: u32,
}

fn digit_of(params: RadixParams, key: u32) -> u32 {
  return (key >> params.shift) & (params.digits - 1u);
}
