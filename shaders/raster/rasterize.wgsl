// Composites each tile's splats front to back. Workgroup ↔ tile, thread ↔ 2×2 pixels in the four lanes of a vector.
// Twin: src/raster/rasterize.reference.ts.
//
// Splats come in batches through shared memory. The thread that loads a splat finds which of the tile's sixteen
// 4×4 blocks it touches and sets its bit in their lists; a thread then walks the bits of its own block only.

#import raster/batch
#import raster/tile-lists

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> splats: array<Splat>;              // [N]
@group(0) @binding(2) var<storage, read> entries: array<Entry>;             // [pairs], by tile, then by depth
@group(0) @binding(3) var<storage, read> tile_ranges: array<vec2u>;         // [tiles] first entry, one past the last
@group(0) @binding(4) var<storage, read_write> image: array<f32>;           // [3, H, W]
@group(0) @binding(5) var<storage, read_write> alpha: array<f32>;           // [H, W]
@group(0) @binding(6) var<storage, read_write> depth: array<f32>;           // [H, W]
@group(0) @binding(7) var<storage, read_write> pixel_ends: array<PixelEnd>; // [H, W]

var<workgroup> tile_range: vec2u;
var<workgroup> is_open: atomic<u32>;

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) tile: vec3u) {
  let quad = quad_of(view, thread, tile.xy);
  if (thread == 0u) {
    tile_range = tile_ranges[tile.y * view.tiles.x + tile.x];
  }
  let range = workgroupUniformLoad(&tile_range);

  var transmittance = vec4f(1.0);
  var red = vec4f(0.0);
  var green = vec4f(0.0);
  var blue = vec4f(0.0);
  var depths = vec4f(0.0);
  var last = vec4u(0u);
  // Pixels outside the image are finished before they start.
  var open = quad.inside;

  for (var start = range.x; start < range.y; start += BATCH) {
    begin_batch(thread);
    if (start + thread < range.y) {
      stage(thread, splats[entries[start + thread].splat], tile.xy);
    }
    workgroupBarrier();
    for (var word = 0u; word < WORDS; word++) {
      var bits = select(0u, atomicLoad(&block_lists[quad.block * WORDS + word]), any(open));
      while (bits != 0u) {
        let j = word * 32u + firstTrailingBit(bits);
        bits &= bits - 1u;
        let splat = batch[j];
        let exponent = alpha_exponent(splat, whiten(splat, splat.mean.x - quad.x, splat.mean.y - quad.y));
        let touched = open & (exponent >= vec4f(EXPONENT_MIN));
        let a = min(exp2(exponent), vec4f(ALPHA_MAX));
        let next = transmittance * (1.0 - a);
        let drawn = touched & (next >= vec4f(TRANSMITTANCE_MIN));
        let weight = select(vec4f(0.0), a * transmittance, drawn);
        red += weight * splat.color.r;
        green += weight * splat.color.g;
        blue += weight * splat.color.b;
        depths += weight * splat.depth;
        transmittance = select(transmittance, next, drawn);
        last = select(last, vec4u(start - range.x + j + 1u), drawn);
        open = open & (drawn | !touched);
        if (!any(open)) {
          bits = 0u;
        }
      }
    }
    if (!any_open(thread, any(open))) {
      break;
    }
  }

  let pixels = view.image_size.x * view.image_size.y;
  for (var lane = 0u; lane < 4u; lane++) {
    if (!quad.inside[lane]) {
      continue;
    }
    let pixel = quad.pixel[lane];
    image[pixel] = red[lane] + transmittance[lane] * view.background.r;
    image[pixels + pixel] = green[lane] + transmittance[lane] * view.background.g;
    image[2u * pixels + pixel] = blue[lane] + transmittance[lane] * view.background.b;
    alpha[pixel] = 1.0 - transmittance[lane];
    depth[pixel] = depths[lane];
    pixel_ends[pixel] = PixelEnd(transmittance[lane], last[lane]);
  }
}

/// Whether any thread of the tile has an unfinished pixel. Also the barrier that ends a batch.
fn any_open(thread: u32, mine: bool) -> bool {
  if (thread == 0u) {
    atomicStore(&is_open, 0u);
  }
  workgroupBarrier();
  if (mine) {
    atomicOr(&is_open, 1u);
  }
  return workgroupUniformLoad(&is_open) != 0u;
}
