// What the passes of the radix sort share. Least significant digit first, at most 8 bits a digit; each digit takes
// three passes: count its values per block, turn counts into places, move the keys there.

#import sort/workgroup-scan

const ROUNDS = 8u; // keys that one thread takes
const RADIX_BLOCK = LANES * ROUNDS;
const MAX_DIGITS = 256u;

struct RadixParams {
  // Room in the buffers; more keys than that are not looked at.
  capacity: u32,
  // Where the number of keys lies in the buffer of counts.
  count_index: u32,
  // The digit at hand: `shift` bits from the right, `digits` values.
  shift: u32,
  digits: u32,
  // Length of a row of the table [digits, stride] of counts per digit and block.
  stride: u32,
  // Whether a key's value is its place before the sort.
  values_are_places: u32,
}

fn digit_of(params: RadixParams, key: u32) -> u32 {
  return (key >> params.shift) & (params.digits - 1u);
}
