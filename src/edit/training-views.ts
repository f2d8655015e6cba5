import type { Camera } from "../camera/camera.ts";
import { resized } from "../camera/intrinsics.ts";
import type { Codec } from "../diffusion/codecs/codec.ts";
import type { Rasterizer } from "../raster/rasterizer.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import { createPredictionBank, type PredictionBank } from "./noise-bank.ts";
import type { EditSettings } from "./settings.ts";
import { createSourceCache, type SourceCache } from "./source-cache.ts";
import { createViewRenderer, type ViewRenderer } from "./view-renderer.ts";

/** A run's views at one size, with what is made for them on the way: none of it holds at another. */
export interface TrainingViews {
  readonly size: number;
  readonly cameras: readonly Camera[];
  readonly latentShape: readonly number[];
  readonly render: ViewRenderer;
  readonly sources: SourceCache;
  readonly bank: PredictionBank;
  /** Of their gradients on the splats: 1 at the size that the views were chosen at. */
  readonly weight: number;
}

export interface TrainingViewsInput {
  readonly rasterizer: Rasterizer;
  readonly codec: Codec;
  /** The untouched scene. */
  readonly original: SplatBuffers;
  /** As they were chosen, at any size. */
  readonly cameras: readonly Camera[];
  readonly antialiased: boolean;
}

/** The views as chosen, seen in pictures of the settings' size: from the same places, through the same lens. */
export function createTrainingViews(
  { rasterizer, codec, original, cameras: chosen, antialiased }: TrainingViewsInput,
  { size, background }: Pick<EditSettings, "size" | "background">,
): TrainingViews {
  const cameras = chosen.map((camera) => resized(camera, size, size));
  const render = createViewRenderer(rasterizer, cameras, background, antialiased);
  const cells = size / codec.downscale;
  return {
    size,
    cameras,
    latentShape: [codec.latentChannels, cells, cells],
    render,
    sources: createSourceCache(original, render, codec),
    bank: createPredictionBank(),
    // A gradient sums over pixels. By area, Adam's moments hold for the pictures of another size too.
    weight: (chosen[0]!.width / size) ** 2,
  };
}
