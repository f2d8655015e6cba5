/** The buffers between the passes, under the names that the shaders know them by; kept from frame to frame. */
import type { BufferPool } from "../gpu/buffers.ts";
import { layoutOf } from "../gpu/uniforms.ts";
import { COUNTERS_BYTES } from "./counters.ts";
import { reflect } from "../gpu/wgsl-reflect.ts";
import { loadShader } from "../gpu/wgsl.ts";
import { RECORD, type FramePlan } from "./plan.ts";

const sizeOf = (struct: string, shader: string): number =>
  layoutOf(struct, reflect(loadShader(shader).code)).size;
const SPLAT_BYTES = sizeOf("Splat", "raster/splat");
const PIXEL_END_BYTES = sizeOf("PixelEnd", "raster/tile-lists");
const ENTRY_BYTES = sizeOf("Entry", "raster/tile-lists");

type Sizes = Readonly<Record<string, (plan: FramePlan) => number>>;
export type Buffers<S extends Sizes> = { readonly [K in keyof S]: GPUBuffer };

/** Bytes of what every frame needs; its derivative reads some of it again. */
export const FRAME = {
  counters: () => COUNTERS_BYTES,
  splats: ({ count }) => SPLAT_BYTES * count,
  tile_counts: ({ count }) => 4 * count,
  is_visible: ({ count }) => 4 * count,
  visible_offsets: ({ count }) => 4 * count,
  depth_keys: ({ count }) => 4 * count,
  visible_splats: ({ count }) => 4 * count,
  ranked_tile_counts: ({ count }) => 4 * count,
  pair_offsets: ({ count }) => 4 * count,
  pair_ranges: ({ count }) => 8 * count,
  pair_tiles: ({ maxPairs }) => 4 * maxPairs,
  pair_splats: ({ maxPairs }) => 4 * maxPairs,
  entries: ({ maxPairs }) => ENTRY_BYTES * maxPairs,
  tile_ranges: ({ numTiles }) => 8 * numTiles,
  pixel_ends: ({ width, height }) => PIXEL_END_BYTES * width * height,
} satisfies Sizes;

/** Bytes of what only the derivative needs. */
export const BACKWARD = {
  pair_gradients: ({ maxPairs }) => 4 * RECORD * maxPairs,
  splat_gradients: ({ count }) => 4 * RECORD * count,
} satisfies Sizes;

/** Buffers at least as large as the plan says, with whatever was in them last. None is too small for one element. */
export function ensureBuffers<S extends Sizes>(pool: BufferPool, sizes: S, plan: FramePlan): Buffers<S> {
  return Object.fromEntries(
    Object.entries(sizes).map(([name, bytes]) => [
      name,
      pool.ensure(name, Math.max(bytes(plan), SPLAT_BYTES)),
    ]),
  ) as Buffers<S>;
}
