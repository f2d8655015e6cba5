// A tile's splats in shared memory, for one workgroup of 64 threads with 2×2 pixels each.
// Four neighbouring threads cover a block of 4×4 pixels; each block has its own list of the batch's splats as bits.

#import raster/spans

const THREADS = 64u;
const BATCH = 64u;
/// 32-bit words per block list.
const WORDS = 2u;

var<workgroup> batch: array<Splat, BATCH>;
var<workgroup> block_lists: array<atomic<u32>, BLOCKS * BLOCKS * WORDS>;

/// Four pixels of one thread, one per lane.
struct Quad {
  x: vec4f,             // pixel centres
  y: vec4f,
  pixel: vec4u,         // index in a plane
  inside: vec4<bool>,   // of the image
  block: u32,
}

fn quad_of(view: View, thread: u32, tile: vec2u) -> Quad {
  let block = thread / 4u;
  let corner = tile * TILE + BLOCK * vec2u(block % BLOCKS, block / BLOCKS) + 2u * vec2u(thread % 2u, (thread / 2u) % 2u);
  let x = corner.x + vec4u(0u, 1u, 0u, 1u);
  let y = corner.y + vec4u(0u, 0u, 1u, 1u);
  let inside = (x < vec4u(view.image_size.x)) & (y < vec4u(view.image_size.y));
  return Quad(vec4f(x) + 0.5, vec4f(y) + 0.5, y * view.image_size.x + x, inside, block);
}

/// Empties the lists; the batch before must have been read by all.
fn begin_batch(thread: u32) {
  for (var i = thread; i < BLOCKS * BLOCKS * WORDS; i += THREADS) {
    atomicStore(&block_lists[i], 0u);
  }
  workgroupBarrier();
}

/// Puts a splat into the batch and into the lists of the blocks it touches, which it returns as bits.
fn stage(slot: u32, splat: Splat, tile: vec2u) -> u32 {
  batch[slot] = splat;
  let touched = touched_blocks(splat, cut_off_ellipse(splat), vec2f(tile * TILE));
  for (var rest = touched; rest != 0u; rest &= rest - 1u) {
    let block = firstTrailingBit(rest);
    atomicOr(&block_lists[block * WORDS + slot / 32u], 1u << (slot % 32u));
  }
  return touched;
}
