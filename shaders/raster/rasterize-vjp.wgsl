// Derivative of the compositing: one gradient record per (splat, tile) pair, no atomics on floats.
// Workgroup ↔ tile, thread ↔ 2×2 pixels, splats back to front. Twin: rasterizeVjp in src/raster/rasterize.reference.ts.
//
// All outputs are Σ w f plus a constant (the background enters as c − b), so with h = f · v a pixel's derivative is
//   ∂/∂α = T h − B / (1 − α),   B = Σ w h over everything behind,
// and its state two numbers, T and B. With q = ∂/∂σ a record is ten sums over the tile's pixels (`RECORD` below); the
// conic, opacity and so on follow from them per splat, once.
//
// A thread sums its own pixels in registers. Then, a few splats at a time, the threads' sums are added through shared
// memory: with one quad per thread that is 2.5 stores, 2.5 loads and 2.5 additions per (pixel, splat), only for blocks
// that the splat touches, in 10.4 KB. Staging (q, w) of each pixel instead would need 8 KB for four splats, seven
// multiply-adds per (pixel, splat) in the second phase, and still a reduction after it.

#import raster/batch
#import raster/tile-lists
#import raster/gradient-record

struct Cotangents {
  has_image: u32,
  has_alpha: u32,
  has_depth: u32,
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<uniform> given: Cotangents;
@group(0) @binding(2) var<storage, read> splats: array<Splat>;            // [N]
@group(0) @binding(3) var<storage, read> entries: array<Entry>;           // [pairs]
@group(0) @binding(4) var<storage, read> tile_ranges: array<vec2u>;       // [tiles]
@group(0) @binding(5) var<storage, read> pixel_ends: array<PixelEnd>;     // [H, W]
@group(0) @binding(6) var<storage, read> v_image: array<f32>;             // [3, H, W] if given, else anything
@group(0) @binding(7) var<storage, read> v_alpha: array<f32>;             // [H, W] likewise
@group(0) @binding(8) var<storage, read> v_depth: array<f32>;             // [H, W] likewise
@group(0) @binding(9) var<storage, read_write> pair_gradients: array<f32>; // [pairs, RECORD]

/// Splats whose sums are added together. More would mean fewer barriers, and shared memory that has to be zeroed.
override CHUNK: u32 = min(4u * QUADS, 8u);
/// Odd, so that neither the threads' stores nor the adders' loads meet in a bank.
override STRIDE: u32 = THREADS + 1u;

var<workgroup> tile_range: vec2u;
var<workgroup> last_drawn: atomic<u32>;
var<workgroup> tile_drawn: u32;
var<workgroup> batch_pairs: array<u32, BATCH>;
var<workgroup> partial: array<f32, CHUNK * RECORD * STRIDE>;

/// Cotangents of four pixels and what the splats behind have left of them.
struct Pixels {
  v_red: vec4f,
  v_green: vec4f,
  v_blue: vec4f,
  v_depth: vec4f,
  /// The part of h that is the same for all splats: v_alpha − b · v_color.
  v_weight: vec4f,
  transmittance: vec4f,
  behind: vec4f,
  last: vec4u,
}

/// A gradient record in the making, in the order of raster/gradient-record.
struct Sums {
  first: vec4f,
  second: vec4f,
  third: vec2f,
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
  var pixels0 = begin(quad0, true);
  var pixels1 = begin(quad1, QUADS > 1u);
  var pixels2 = begin(quad2, QUADS > 2u);
  var pixels3 = begin(quad3, QUADS > 2u);
  let last = max(max(pixels0.last, pixels1.last), max(pixels2.last, pixels3.last));
  atomicMax(&last_drawn, max(max(last.x, last.y), max(last.z, last.w)));
  workgroupBarrier();
  if (thread == 0u) {
    tile_drawn = atomicLoad(&last_drawn);
  }
  let drawn_end = range.x + workgroupUniformLoad(&tile_drawn);

  // Nothing behind the last drawn splat has a gradient, but its records are summed too.
  for (var i = drawn_end * RECORD + thread; i < range.y * RECORD; i += THREADS) {
    pair_gradients[entries[i / RECORD].pair * RECORD + i % RECORD] = 0.0;
  }

  let batches = (drawn_end - range.x + BATCH - 1u) / BATCH;
  for (var b = batches; b > 0u; b--) {
    let start = range.x + (b - 1u) * BATCH;
    let count = min(BATCH, drawn_end - start);
    load_batch(thread, start, drawn_end, tile.xy);
    for (var chunk = (count + CHUNK - 1u) / CHUNK; chunk > 0u; chunk--) {
      let first = (chunk - 1u) * CHUNK;
      var bits = extractBits(listed(thread, first / 32u), first % 32u, CHUNK);
      while (bits != 0u) {
        let j = firstLeadingBit(bits);
        bits ^= 1u << j;
        let splat = batch[first + j];
        let place = start - range.x + first + j;
        var sums = pull_back(&pixels0, quad0, splat, place);
        if (QUADS > 1u) {
          sums = add(sums, pull_back(&pixels1, quad1, splat, place));
        }
        if (QUADS > 2u) {
          sums = add(sums, pull_back(&pixels2, quad2, splat, place));
          sums = add(sums, pull_back(&pixels3, quad3, splat, place));
        }
        store(j * RECORD * STRIDE + thread, sums);
      }
      workgroupBarrier();
      let rows = min(CHUNK, count - first) * RECORD;
      for (var row = thread; row < rows; row += THREADS) {
        let slot = first + row / RECORD;
        pair_gradients[batch_pairs[slot] * RECORD + row % RECORD] = sum_row(batch_blocks[slot], row * STRIDE);
      }
      workgroupBarrier();
    }
  }
}

fn load_batch(thread: u32, start: u32, end: u32, tile: vec2u) {
  for (var slot = thread; slot < BATCH; slot += THREADS) {
    batch_blocks[slot] = 0u;
    if (start + slot < end) {
      let entry = entries[start + slot];
      let splat = splats[entry.splat];
      batch_pairs[slot] = entry.pair;
      stage(slot, splat, touched_blocks(splat, cut_off_ellipse(splat), vec2f(tile * TILE)));
    }
  }
  list_blocks(thread);
}

fn begin(quad: Quad, is_mine: bool) -> Pixels {
  var p: Pixels;
  p.transmittance = vec4f(1.0);
  if (!is_mine) {
    return p;
  }
  let plane = view.image_size.x * view.image_size.y;
  for (var lane = 0u; lane < 4u; lane++) {
    if (!quad.inside[lane]) {
      continue;
    }
    let pixel = quad.pixel[lane];
    let end = pixel_ends[pixel];
    p.transmittance[lane] = end.transmittance;
    p.last[lane] = end.last;
    if (given.has_image != 0u) {
      p.v_red[lane] = v_image[pixel];
      p.v_green[lane] = v_image[plane + pixel];
      p.v_blue[lane] = v_image[2u * plane + pixel];
    }
    if (given.has_alpha != 0u) {
      p.v_weight[lane] = v_alpha[pixel];
    }
    if (given.has_depth != 0u) {
      p.v_depth[lane] = v_depth[pixel];
    }
  }
  let b = view.background;
  p.v_weight -= b.r * p.v_red + b.g * p.v_green + b.b * p.v_blue;
  return p;
}

/// Steps four pixels past one splat and returns what they give it.
fn pull_back(p: ptr<function, Pixels>, quad: Quad, splat: Splat, place: u32) -> Sums {
  let y = whiten(splat, splat.mean.x - quad.x, splat.mean.y - quad.y);
  let exponent = alpha_exponent(splat, y);
  let drawn = (vec4u(place) < (*p).last) & (exponent >= vec4f(EXPONENT_MIN));
  let raw = select(vec4f(0.0), exp2(exponent), drawn);
  let a = min(raw, vec4f(ALPHA_MAX));
  let through = 1.0 / (1.0 - a);

  let transmittance = (*p).transmittance * through;
  let weight = a * transmittance;
  let h = splat.color.r * (*p).v_red + splat.color.g * (*p).v_green + splat.color.b * (*p).v_blue +
    splat.depth * (*p).v_depth + (*p).v_weight;
  let v_a = transmittance * h - (*p).behind * through;
  (*p).behind += weight * h;
  (*p).transmittance = transmittance;

  let q = select(-raw * v_a, vec4f(0.0), exponent > vec4f(EXPONENT_MAX));
  let q_first = q * y.first;
  let q_second = q * y.second;
  let one = vec4f(1.0);
  return Sums(
    vec4f(dot(q, one), dot(q_first, one), dot(q_second, one), dot(q_first, y.first)),
    vec4f(dot(q_first, y.second), dot(q_second, y.second), dot(weight, (*p).v_red), dot(weight, (*p).v_green)),
    vec2f(dot(weight, (*p).v_blue), dot(weight, (*p).v_depth)),
  );
}

fn add(a: Sums, b: Sums) -> Sums {
  return Sums(a.first + b.first, a.second + b.second, a.third + b.third);
}

fn store(slot: u32, sums: Sums) {
  partial[slot + SUM_Q * STRIDE] = sums.first.x;
  partial[slot + SUM_Q1 * STRIDE] = sums.first.y;
  partial[slot + SUM_Q2 * STRIDE] = sums.first.z;
  partial[slot + SUM_Q11 * STRIDE] = sums.first.w;
  partial[slot + SUM_Q12 * STRIDE] = sums.second.x;
  partial[slot + SUM_Q22 * STRIDE] = sums.second.y;
  partial[slot + SUM_RED * STRIDE] = sums.second.z;
  partial[slot + SUM_GREEN * STRIDE] = sums.second.w;
  partial[slot + SUM_BLUE * STRIDE] = sums.third.x;
  partial[slot + SUM_DEPTH * STRIDE] = sums.third.y;
}

/// Adds one number's sums over the threads of the touched blocks, always in the same order.
fn sum_row(blocks: u32, row: u32) -> f32 {
  var sum = 0.0;
  for (var rest = blocks; rest != 0u; rest &= rest - 1u) {
    let first = row + SHARING * firstTrailingBit(rest);
    sum += partial[first];
    if (SHARING > 1u) {
      sum += partial[first + 1u];
    }
    if (SHARING > 2u) {
      sum += partial[first + 2u] + partial[first + 3u];
    }
  }
  return sum;
}
