/** The passes of a frame and of its derivative, in the order they run. What each does is said in its shader. */
import type { Gpu } from "../gpu/device.ts";
import { defineKernel, type Kernel } from "../gpu/kernel.ts";

export const project = defineKernel({
  name: "raster/project",
  bindings: {
    view: "uniform",
    means: "read",
    quaternions: "read",
    log_scales: "read",
    opacity_logits: "read",
    sh: "read",
    splats: "write",
    tile_counts: "write",
    is_visible: "write",
  },
});

export const compact = defineKernel({
  name: "raster/compact",
  bindings: {
    view: "uniform",
    splats: "read",
    is_visible: "read",
    visible_offsets: "read",
    depth_keys: "write",
    visible_splats: "write",
  },
});

export const gatherCounts = defineKernel({
  name: "raster/gather-counts",
  bindings: {
    view: "uniform",
    counters: "read_write",
    splat_from_rank: "read",
    tile_counts: "read",
    ranked_tile_counts: "write",
  },
});

export const emit = defineKernel({
  name: "raster/emit",
  bindings: {
    view: "uniform",
    counters: "read_write",
    splats: "read",
    splat_from_rank: "read",
    ranked_tile_counts: "read",
    pair_offsets: "read",
    pair_tiles: "write",
    pair_splats: "write",
    pair_ranges: "write",
  },
});

export const listTiles = defineKernel({
  name: "raster/list-tiles",
  bindings: {
    view: "uniform",
    counters: "read_write",
    sorted_tiles: "read",
    sorted_pairs: "read",
    pair_splats: "read",
    entries: "write",
    tile_ranges: "read_write",
  },
});

export const sumPairs = defineKernel({
  name: "raster/sum-pairs",
  bindings: {
    view: "uniform",
    tile_counts: "read",
    pair_ranges: "read",
    pair_gradients: "read",
    splat_gradients: "write",
  },
});

export const projectVjp = defineKernel({
  name: "raster/project-vjp",
  bindings: {
    view: "uniform",
    means: "read",
    quaternions: "read",
    log_scales: "read",
    opacity_logits: "read",
    splat_gradients: "read_write",
    v_quaternions: "write",
    v_log_scales: "write",
    v_opacity_logits: "write",
  },
});

export const colorVjp = defineKernel({
  name: "raster/color-vjp",
  bindings: {
    view: "uniform",
    means: "read",
    sh: "read",
    splats: "read",
    splat_gradients: "read",
    v_means: "write",
    v_sh: "write",
  },
});

/** The two passes that visit pixels, with so many quads of 2×2 pixels per thread (shaders/raster/batch.wgsl). */
const defineCompositing = (quads: number) => ({
  rasterize: defineKernel({
    name: "raster/rasterize",
    constants: { QUADS: quads },
    bindings: {
      view: "uniform",
      splats: "read",
      entries: "read",
      tile_ranges: "read",
      image: "write",
      alpha: "write",
      depth: "write",
      pixel_ends: "write",
    },
  }),
  rasterizeVjp: defineKernel({
    name: "raster/rasterize-vjp",
    constants: { QUADS: quads },
    bindings: {
      view: "uniform",
      given: "uniform",
      splats: "read",
      entries: "read",
      tile_ranges: "read",
      pixel_ends: "read",
      v_image: "read",
      v_alpha: "read",
      v_depth: "read",
      pair_gradients: "write",
    },
  }),
});

export type Compositing = ReturnType<typeof defineCompositing>;

const COMPOSITING = { 1: defineCompositing(1), 2: defineCompositing(2), 4: defineCompositing(4) } as const;
export type Quads = keyof typeof COMPOSITING;
export const compositingOf = (quads: Quads): Compositing => COMPOSITING[quads];

/** Many threads hide a GPU's latency; a CPU that plays GPU pays for each of them at each barrier. */
export const quadsFor = ({ isSoftware }: Pick<Gpu, "isSoftware">): Quads => (isSoftware ? 4 : 1);

/** To be compiled ahead of use. The derivative's take longest, and showing a scene does without. */
export const forwardKernels = (quads: Quads): readonly Kernel[] => [
  ...[project, compact, gatherCounts, emit, listTiles],
  compositingOf(quads).rasterize,
];
export const backwardKernels = (quads: Quads): readonly Kernel[] => [
  ...[sumPairs, projectVjp, colorVjp],
  compositingOf(quads).rasterizeVjp,
];
