import { createRng } from "../core/rng.ts";
import type { Pipeline } from "../diffusion/pipeline.ts";
import { uploadImage } from "../diffusion/testing/images.ts";
import type { EditSettings } from "../edit/settings.ts";
import { setStage } from "../edit/stage.ts";
import type { Stage } from "../edit/stage.ts";
import { rasterProbe } from "../edit/view-probe.ts";
import type { Gpu } from "../gpu/device.ts";
import type { GpuImage } from "../gpu/image.ts";
import type { RasterStats } from "../raster/counters.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import type { RenderInput } from "../raster/types.ts";
import { disposeSplatBuffers, snapshotSplats, uploadSplats } from "../scene/mirror.ts";
import type { SplatSnapshot } from "../scene/mirror.ts";
import type { BenchScene } from "./scenes.ts";

/** A scene on the GPU, seen from a view as an edit's. */
export interface SceneSubject {
  readonly gpu: Gpu;
  readonly pipeline: Pipeline;
  readonly rasterizer: Rasterizer;
  readonly settings: EditSettings;
  readonly stage: Stage;
  /** The first of the stage's. */
  readonly view: RenderInput;
  /** Noise, the size of the view. */
  readonly vImage: GpuImage; // [3, H, W]
  /** The scene before anybody has optimised it. */
  readonly original: SplatSnapshot;
  /** Of the view. */
  readonly stats: RasterStats;
  dispose(): void;
}

export async function openScene(
  gpu: Gpu,
  pipeline: Pipeline,
  { splats, metadata }: BenchScene,
  settings: EditSettings,
): Promise<SceneSubject> {
  const rasterizer = new Rasterizer(gpu);
  const buffers = uploadSplats(gpu, splats);
  const antialias = metadata.antialiased;
  const probe = rasterProbe(gpu, rasterizer, { splats: buffers, antialias });
  const stage = await setStage(splats, settings, metadata, probe);
  const { background, size } = settings;
  const view = { splats: buffers, camera: stage.cameras[0]!, background, antialias };
  const vImage = noiseImage(gpu, size);
  const original = snapshotSplats(gpu, buffers, "original");
  const { saved } = await rasterizer.renderComplete(view);
  return {
    ...{ gpu, pipeline, rasterizer, settings, stage, view, vImage, original },
    stats: await saved.stats,
    dispose() {
      rasterizer.dispose();
      original.dispose();
      disposeSplatBuffers(buffers);
      vImage.buffer.destroy();
    },
  };
}

function noiseImage(gpu: Gpu, size: number): GpuImage {
  const rng = createRng("cotangent");
  const pixels = Float32Array.from({ length: 3 * size * size }, () => rng.normal());
  return uploadImage(gpu, pixels, size, size);
}
