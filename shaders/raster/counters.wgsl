// Numbers of a frame that only the GPU knows. Read back late, see src/raster/counters.ts.

struct Counters {
  // Splats that reach 1/255 at some pixel.
  visible: u32,
  // Pairs that there would be with room for all.
  wanted_pairs: u32,
  // Not 0 if wanted_pairs has overflowed itself.
  wrapped: atomic<u32>,
  // Set by the passes themselves. A frame that the GPU has no memory for is dropped as a whole, and leaves 0.
  drawn: u32,
}
