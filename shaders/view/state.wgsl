// What the user has done to a splat, as bits. Twins: STATE in src/document/document.ts, PROPOSED in display.ts there.

const SELECTED = 1u;
const HIDDEN = 2u;
const LOCKED = 4u;
const DELETED = 8u;
const PROPOSED = 16u;

/// States lie four to a word.
fn state_in(word: u32, splat: u32) -> u32 {
  return (word >> (8u * (splat % 4u))) & 0xffu;
}
