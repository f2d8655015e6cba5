// A tile's splats in shared memory, 64 at a time, for one workgroup.
//
// A thread owns one, two or four quads of 2×2 pixels, so that 64, 32 or 16 threads cover a tile: on a GPU many threads
// hide latency; a CPU that plays GPU pays for each of them at each barrier. All of a thread's quads lie in one block of
// 4×4 pixels. Each block has its own list of the splats that touch it, as bits, and a thread walks its block's list only.

#import raster/spans

/// Quads per thread: 1, 2 or 4.
override QUADS: u32 = 1u;
override THREADS: u32 = 64u / QUADS;
/// Threads that share a block.
override SHARING: u32 = 4u / QUADS;

const BATCH = 64u;
/// 32-bit words per list.
const WORDS = 2u;

var<workgroup> batch: array<Splat, BATCH>;
/// Blocks that each splat touches.
var<workgroup> batch_blocks: array<u32, BATCH>;
/// Splats that touch each block.
var<workgroup> block_lists: array<atomic<u32>, BLOCKS * BLOCKS * WORDS>;

fn block_of(thread: u32) -> u32 {
  return thread / SHARING;
}

/// Puts a splat, or none, into a place of the batch.
fn stage(slot: u32, splat: Splat, touched: u32) {
  batch[slot] = splat;
  batch_blocks[slot] = touched;
}

/// Turns the blocks of each splat into the splats of each block. All places have been staged by the workgroup.
fn list_blocks(thread: u32) {
  for (var i = thread; i < BLOCKS * BLOCKS * WORDS; i += THREADS) {
    atomicStore(&block_lists[i], 0u);
  }
  workgroupBarrier();
  let block = block_of(thread);
  for (var word = 0u; word < WORDS; word++) {
    var list = 0u;
    for (var bit = thread % SHARING; bit < 32u; bit += SHARING) {
      list |= ((batch_blocks[32u * word + bit] >> block) & 1u) << bit;
    }
    atomicOr(&block_lists[block * WORDS + word], list);
  }
  workgroupBarrier();
}

/// One word of the list of a thread's block.
fn listed(thread: u32, word: u32) -> u32 {
  return atomicLoad(&block_lists[block_of(thread) * WORDS + word]);
}

/// Four pixels, one per lane.
struct Quad {
  x: vec4f,             // pixel centres
  y: vec4f,
  pixel: vec4u,         // index in a plane
  inside: vec4<bool>,   // of the image
}

/// The thread's quad number `k`.
fn quad_of(view: View, tile: vec2u, thread: u32, k: u32) -> Quad {
  let block = block_of(thread);
  let quad = (thread % SHARING) * QUADS + k;
  let corner = tile * TILE + BLOCK * vec2u(block % BLOCKS, block / BLOCKS) + 2u * vec2u(quad % 2u, quad / 2u);
  let x = corner.x + vec4u(0u, 1u, 0u, 1u);
  let y = corner.y + vec4u(0u, 0u, 1u, 1u);
  let inside = (x < vec4u(view.image_size.x)) & (y < vec4u(view.image_size.y));
  return Quad(vec4f(x) + 0.5, vec4f(y) + 0.5, y * view.image_size.x + x, inside);
}
