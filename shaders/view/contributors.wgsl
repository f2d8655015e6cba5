// Which splats are seen at the marked pixels of a frame. Workgroup ↔ tile, thread ↔ pixel; every thread walks its
// tile's list from the nearest splat on. Twin: src/worker/contributors.reference.ts.

#import raster/splat
#import raster/tile-lists

struct Look {
  // Count a splat only where its centre is.
  at_centres: u32,
  // Least weight α·T at a pixel, at which a splat counts; 0 to count it behind others too.
  min_weight: f32,
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<uniform> look: Look;
@group(0) @binding(2) var<storage, read> splats: array<Splat>;              // [N]
@group(0) @binding(3) var<storage, read> entries: array<Entry>;             // [pairs], by tile, then by depth
@group(0) @binding(4) var<storage, read> tile_ranges: array<vec2u>;         // [tiles] first entry, one past the last
@group(0) @binding(5) var<storage, read> marked: array<u32>;                // [H * W / 32], a bit per pixel
@group(0) @binding(6) var<storage, read_write> seen: array<atomic<u32>>;    // [N / 32], a bit per splat

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) tile: vec3u) {
  let pixel = tile.xy * TILE + vec2u(thread % TILE, thread / TILE);
  if (any(pixel >= view.image_size)) {
    return;
  }
  let index = pixel.y * view.image_size.x + pixel.x;
  if (((marked[index / 32u] >> (index % 32u)) & 1u) == 0u) {
    return;
  }

  let range = tile_ranges[tile.y * view.tiles.x + tile.x];
  let centre = vec2f(pixel) + 0.5;
  var transmittance = 1.0;
  for (var k = range.x; k < range.y; k++) {
    let i = entries[k].splat;
    let splat = splats[i];
    let offset = splat.mean - centre;
    let exponent = alpha_exponent(splat, whiten(splat, vec4f(offset.x), vec4f(offset.y))).x;
    if (!(exponent >= EXPONENT_MIN)) {
      continue;
    }
    let alpha = min(exp2(exponent), ALPHA_MAX);
    let is_here = look.at_centres == 0u || all(floor(splat.mean) == vec2f(pixel));
    if (is_here && alpha * transmittance >= look.min_weight) {
      atomicOr(&seen[i / 32u], 1u << (i % 32u));
    }
    transmittance *= 1.0 - alpha;
    if (look.min_weight > 0.0 && transmittance < look.min_weight) {
      return;
    }
  }
}
