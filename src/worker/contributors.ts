/** Which splats are seen at some pixels of a picture. */
import { uploadBuffer, createBuffer } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { defineKernel } from "../gpu/kernel.ts";
import { CommandRecorder } from "../gpu/recorder.ts";
import type { RasterTape } from "../raster/rasterizer.ts";

const contributorsKernel = defineKernel({
  name: "view/contributors",
  bindings: {
    view: "uniform",
    look: "uniform",
    splats: "read",
    entries: "read",
    tile_ranges: "read",
    marked: "read",
    seen: "read_write",
  },
});

export interface Look {
  /** Count a splat wherever it covers a marked pixel (α ≥ 1/255), not only where its centre is on one. */
  readonly footprint: boolean;
  /** Count only what lies on the surface: with a weight of at least SURFACE_WEIGHT in the pixel's colour. */
  readonly surfaceOnly: boolean;
}

/**
 * A splat that makes up this share of a pixel is part of the surface that is seen there. Behind a surface that lets
 * less than this through there is none.
 */
export const SURFACE_WEIGHT = 1 / 16;

/** One bit for each splat [N / 32] that is seen at a marked pixel (one bit each, [H · W / 32]) of the frame. */
export async function contributors(
  gpu: Gpu,
  { view, plan, buffers }: RasterTape,
  marked: Uint32Array,
  { footprint, surfaceOnly }: Look,
): Promise<Uint32Array> {
  const marks = uploadBuffer(gpu, "view/marked", marked);
  const byteLength = 4 * Math.ceil(plan.count / 32);
  const seen = createBuffer(gpu, "view/seen", byteLength);
  const recorder = new CommandRecorder(gpu, "contributors");
  recorder.dispatch(
    contributorsKernel,
    { groups: plan.tiles },
    {
      ...{ view, marked: marks, seen },
      ...{ splats: buffers.splats, entries: buffers.entries, tile_ranges: buffers.tile_ranges },
      look: { at_centres: footprint ? 0 : 1, min_weight: surfaceOnly ? SURFACE_WEIGHT : 0 },
    },
  );
  const bytes = recorder.read(seen, { byteLength });
  recorder.submit();
  try {
    return new Uint32Array(await bytes);
  } finally {
    marks.destroy();
    seen.destroy();
  }
}
