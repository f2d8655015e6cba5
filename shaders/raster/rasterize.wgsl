// Composites each tile's splats front to back. Workgroup ↔ tile, thread ↔ quads of 2×2 pixels (raster/batch).
// Twin: src/raster/rasterize.reference.ts.

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
var<workgroup> goes_on: u32;

/// Four pixels on their way through the tile's list.
struct Pixels {
  red: vec4f,
  green: vec4f,
  blue: vec4f,
  depth: vec4f,
  transmittance: vec4f,
  /// One past the place of the last drawn splat in the tile's list.
  last: vec4u,
  open: vec4<bool>,
}

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) tile: vec3u) {
  if (thread == 0u) {
    tile_range = tile_ranges[tile.y * view.tiles.x + tile.x];
  }
  let range = workgroupUniformLoad(&tile_range);
  let quad0 = quad_of(view, tile.xy, thread, 0u);
  let quad1 = quad_of(view, tile.xy, thread, 1u);
  let quad2 = quad_of(view, tile.xy, thread, 2u);
  let quad3 = quad_of(view, tile.xy, thread, 3u);
  // Pixels outside the image are finished before they start, and so are quads of other threads.
  var pixels0 = begin(quad0.inside);
  var pixels1 = begin(quad1.inside & vec4<bool>(QUADS > 1u));
  var pixels2 = begin(quad2.inside & vec4<bool>(QUADS > 2u));
  var pixels3 = begin(quad3.inside & vec4<bool>(QUADS > 2u));
  var open = true;

  for (var start = range.x; start < range.y; start += BATCH) {
    load_batch(thread, start, range.y, tile.xy);
    for (var word = 0u; word < WORDS; word++) {
      var bits = select(0u, listed(thread, word), open);
      while (bits != 0u) {
        let j = 32u * word + firstTrailingBit(bits);
        bits &= bits - 1u;
        let splat = batch[j];
        let place = start - range.x + j + 1u;
        draw(&pixels0, quad0, splat, place);
        open = any(pixels0.open);
        if (QUADS > 1u) {
          draw(&pixels1, quad1, splat, place);
          open |= any(pixels1.open);
        }
        if (QUADS > 2u) {
          draw(&pixels2, quad2, splat, place);
          draw(&pixels3, quad3, splat, place);
          open |= any(pixels2.open | pixels3.open);
        }
        bits = select(0u, bits, open);
      }
    }
    if (!any_open(thread, open)) {
      break;
    }
  }

  write(pixels0, quad0);
  if (QUADS > 1u) {
    write(pixels1, quad1);
  }
  if (QUADS > 2u) {
    write(pixels2, quad2);
    write(pixels3, quad3);
  }
}

fn load_batch(thread: u32, start: u32, end: u32, tile: vec2u) {
  for (var slot = thread; slot < BATCH; slot += THREADS) {
    batch_blocks[slot] = 0u;
    if (start + slot < end) {
      let splat = splats[entries[start + slot].splat];
      stage(slot, splat, touched_blocks(splat, cut_off_ellipse(splat), vec2f(tile * TILE)));
    }
  }
  list_blocks(thread);
}

fn begin(open: vec4<bool>) -> Pixels {
  var p: Pixels;
  p.transmittance = vec4f(1.0);
  p.open = open;
  return p;
}

fn draw(p: ptr<function, Pixels>, quad: Quad, splat: Splat, place: u32) {
  let exponent = alpha_exponent(splat, whiten(splat, splat.mean.x - quad.x, splat.mean.y - quad.y));
  let touched = (*p).open & (exponent >= vec4f(EXPONENT_MIN));
  let a = min(exp2(exponent), vec4f(ALPHA_MAX));
  let next = (*p).transmittance * (1.0 - a);
  let drawn = touched & (next >= vec4f(TRANSMITTANCE_MIN));
  let weight = select(vec4f(0.0), a * (*p).transmittance, drawn);
  (*p).red += weight * splat.color.r;
  (*p).green += weight * splat.color.g;
  (*p).blue += weight * splat.color.b;
  (*p).depth += weight * splat.depth;
  (*p).transmittance = select((*p).transmittance, next, drawn);
  (*p).last = select((*p).last, vec4u(place), drawn);
  (*p).open &= drawn | !touched;
}

/// Whether any thread of the tile has an unfinished pixel. Also the barrier that ends a batch.
fn any_open(thread: u32, mine: bool) -> bool {
  if (mine) {
    atomicOr(&is_open, 1u);
  }
  workgroupBarrier();
  // Browsers before 2025 load only plain variables uniformly.
  if (thread == 0u) {
    goes_on = atomicExchange(&is_open, 0u);
  }
  return workgroupUniformLoad(&goes_on) != 0u;
}

fn write(p: Pixels, quad: Quad) {
  let plane = view.image_size.x * view.image_size.y;
  let red = p.red + p.transmittance * view.background.r;
  let green = p.green + p.transmittance * view.background.g;
  let blue = p.blue + p.transmittance * view.background.b;
  for (var lane = 0u; lane < 4u; lane++) {
    if (quad.inside[lane]) {
      let pixel = quad.pixel[lane];
      image[pixel] = red[lane];
      image[plane + pixel] = green[lane];
      image[2u * plane + pixel] = blue[lane];
      alpha[pixel] = 1.0 - p.transmittance[lane];
      depth[pixel] = p.depth[lane];
      pixel_ends[pixel] = PixelEnd(p.transmittance[lane], p.last[lane]);
    }
  }
}
