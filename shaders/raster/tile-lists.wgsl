// What the compositing passes share: a tile's list of splats, and how a pixel ended.

/// One (splat, tile) pair in drawing order. `pair` is its place in emission order, where its gradient record goes.
struct Entry {
  splat: u32,
  pair: u32,
}

/// Transmittance behind the last drawn splat, and one past that splat's place in the tile's list.
struct PixelEnd {
  transmittance: f32,
  last: u32,
}
