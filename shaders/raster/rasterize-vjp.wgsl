// Derivative of the compositing: one gradient record per (splat, tile) pair, no atomics on floats.
// Workgroup ↔ tile, thread ↔ 2×2 pixels, splats back to front. Twin: rasterizeVjp in src/raster/rasterize.reference.ts.
//
// All outputs are Σ w f plus a constant (the background enters as c − b), so with h = f · v a pixel's derivative is
//   ∂/∂α = T h − B / (1 − α),   B = Σ w h over everything behind,
// and its state two numbers, T and B. With q = ∂/∂σ a record is ten sums over the tile's pixels (`RECORD` below); the
// conic, opacity and so on follow from them per splat, once.
//
// A thread sums its own four pixels in registers. Then, four splats at a time, 64 partial sums per number are
// added through shared memory: 2.5 stores, 2.5 loads and 2.5 additions per (pixel, splat) and only for blocks that
// the splat touches, in 10.4 KB. Staging (q, w) per pixel instead would need 8 KB for four splats, seven multiply-adds
// per (pixel, splat) in the second phase and still a reduction after it.

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

/// Splats whose sums are reduced together.
const CHUNK = 4u;
/// Odd, so that neither the threads' stores nor the adders' loads meet in a bank.
const STRIDE = THREADS + 1u;

var<workgroup> tile_range: vec2u;
var<workgroup> tile_last: atomic<u32>;
var<workgroup> batch_pairs: array<u32, BATCH>;
var<workgroup> batch_blocks: array<u32, BATCH>;
var<workgroup> partial: array<f32, CHUNK * RECORD * STRIDE>;

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) tile: vec3u) {
  let quad = quad_of(view, thread, tile.xy);
  if (thread == 0u) {
    tile_range = tile_ranges[tile.y * view.tiles.x + tile.x];
  }
  let range = workgroupUniformLoad(&tile_range);

  var state = load_pixels(quad);
  let last = max(max(state.last.x, state.last.y), max(state.last.z, state.last.w));
  atomicMax(&tile_last, last);
  let drawn_end = range.x + workgroupUniformLoad(&tile_last);

  // Nothing behind the last drawn splat has a gradient, but its records are summed too.
  for (var i = drawn_end * RECORD + thread; i < range.y * RECORD; i += THREADS) {
    pair_gradients[entries[i / RECORD].pair * RECORD + i % RECORD] = 0.0;
  }

  let batches = (drawn_end - range.x + BATCH - 1u) / BATCH;
  for (var b = batches; b > 0u; b--) {
    let start = range.x + (b - 1u) * BATCH;
    let count = min(BATCH, drawn_end - start);
    begin_batch(thread);
    if (thread < count) {
      let entry = entries[start + thread];
      batch_pairs[thread] = entry.pair;
      batch_blocks[thread] = stage(thread, splats[entry.splat], tile.xy);
    }
    workgroupBarrier();

    for (var chunk = (count + CHUNK - 1u) / CHUNK; chunk > 0u; chunk--) {
      let first = (chunk - 1u) * CHUNK;
      let list = atomicLoad(&block_lists[quad.block * WORDS + first / 32u]);
      var bits = extractBits(list, first % 32u, CHUNK);
      while (bits != 0u) {
        let j = firstLeadingBit(bits);
        bits ^= 1u << j;
        let index = start - range.x + first + j;
        add_quad(&state, quad, batch[first + j], index, j * RECORD * STRIDE + thread);
      }
      workgroupBarrier();
      let j = thread / RECORD;
      if (j < CHUNK && first + j < count) {
        let sum = sum_blocks(batch_blocks[first + j], thread * STRIDE);
        pair_gradients[batch_pairs[first + j] * RECORD + thread % RECORD] = sum;
      }
      workgroupBarrier();
    }
  }
}

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

fn load_pixels(quad: Quad) -> Pixels {
  var p: Pixels;
  p.transmittance = vec4f(1.0);
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

/// Steps four pixels past one splat and leaves the thread's ten sums in `partial`.
fn add_quad(p: ptr<function, Pixels>, quad: Quad, splat: Splat, index: u32, slot: u32) {
  let y = whiten(splat, splat.mean.x - quad.x, splat.mean.y - quad.y);
  let exponent = alpha_exponent(splat, y);
  let drawn = (vec4u(index) < (*p).last) & (exponent >= vec4f(EXPONENT_MIN));
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
  partial[slot + SUM_Q * STRIDE] = dot(q, vec4f(1.0));
  partial[slot + SUM_Q1 * STRIDE] = dot(q_first, vec4f(1.0));
  partial[slot + SUM_Q2 * STRIDE] = dot(q_second, vec4f(1.0));
  partial[slot + SUM_Q11 * STRIDE] = dot(q_first, y.first);
  partial[slot + SUM_Q12 * STRIDE] = dot(q_first, y.second);
  partial[slot + SUM_Q22 * STRIDE] = dot(q_second, y.second);
  partial[slot + SUM_RED * STRIDE] = dot(weight, (*p).v_red);
  partial[slot + SUM_GREEN * STRIDE] = dot(weight, (*p).v_green);
  partial[slot + SUM_BLUE * STRIDE] = dot(weight, (*p).v_blue);
  partial[slot + SUM_DEPTH * STRIDE] = dot(weight, (*p).v_depth);
}

/// Adds one number's partial sums over the touched blocks, four threads each, always in the same order.
fn sum_blocks(blocks: u32, row: u32) -> f32 {
  var sum = 0.0;
  for (var rest = blocks; rest != 0u; rest &= rest - 1u) {
    let at = row + 4u * firstTrailingBit(rest);
    sum += (partial[at] + partial[at + 1u]) + (partial[at + 2u] + partial[at + 3u]);
  }
  return sum;
}
