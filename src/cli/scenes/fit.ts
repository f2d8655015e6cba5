/** Fits lifted splats to pictures with the project's own rasterizer, its backward pass and Adam. */
import type { Vec3 } from "../../camera/camera.ts";
import { psnr } from "../../core/image-metrics.ts";
import type { Rng } from "../../core/rng.ts";
import { createBuffer, writeBuffer } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { GpuImage } from "../../gpu/image.ts";
import { readFloats } from "../../gpu/readback.ts";
import { Adam } from "../../optim/adam.ts";
import type { LearningRates } from "../../optim/learning-rates.ts";
import type { Rasterizer } from "../../raster/rasterizer.ts";
import type { SplatBuffers } from "../../scene/splat-buffers.ts";
import { l1Loss } from "./loss.ts";
import type { WorldView } from "./world.ts";

export interface FitOptions {
  readonly gpu: Gpu;
  readonly rasterizer: Rasterizer;
  /** Changed in place. */
  readonly splats: SplatBuffers;
  readonly views: readonly WorldView[];
  readonly steps: number;
  readonly rng: Rng;
  readonly onStep?: (step: number, loss: number) => void;
}

/** Rates at the start; all fall to a tenth over the run, log-linearly. For scenes of about unit size. */
const RATES: LearningRates = {
  means: 1e-3,
  quaternions: 4e-3,
  logScales: 1e-2,
  opacityLogits: 4e-2,
  sh: { dc: 1.5e-2, rest: 4e-3 },
};
const LAST_RATE = 0.1;

export async function fitSplats(options: FitOptions): Promise<void> {
  const { gpu, rasterizer, splats, views, steps, rng, onStep } = options;
  const { width, height } = views[0]!.camera;
  const optimizer = new Adam(gpu, splats);
  const buffer = createBuffer(gpu, "fit/v_image", 4 * 3 * width * height);
  const vImage: GpuImage = { buffer, channels: 3, height, width };
  try {
    for (let step = 0; step < steps; step++) {
      const view = views[rng.int(views.length)]!;
      // A background of another colour each time: whatever lets it through is punished.
      const background: Vec3 = [rng.uniform(), rng.uniform(), rng.uniform()];
      const { image, saved } = await draw(options, view, background);
      const { value, gradient } = l1Loss(image, view.image);
      writeBuffer(gpu, buffer, gradient);
      const gradients = await rasterizer.vjp(saved, { image: vImage });
      optimizer.step({ splats, gradients, rates: scaled(RATES, LAST_RATE ** (step / steps)) });
      onStep?.(step + 1, value);
    }
  } finally {
    optimizer.dispose();
    buffer.destroy();
  }
}

export interface Quality {
  /** Mean over the views, dB. */
  readonly psnr: number;
  /** The worst view's, dB. */
  readonly worst: number;
  /** The smallest alpha of any pixel, and the mean: holes in a scene that should have none. */
  readonly leastAlpha: number;
  readonly meanAlpha: number;
}

/** How well the splats show views they were not fitted to. */
export async function measureQuality(
  options: Pick<FitOptions, "gpu" | "rasterizer" | "splats">,
  views: readonly WorldView[],
): Promise<Quality> {
  const values: number[] = [];
  let leastAlpha = 1;
  let alphaSum = 0;
  for (const view of views) {
    const { image, out } = await draw(options, view, [0, 0, 0]);
    values.push(psnr(image.map(shown), view.image));
    const alpha = await readFloats(options.gpu, out.alpha.buffer, view.surface.length);
    leastAlpha = alpha.reduce((least, value) => Math.min(least, value), leastAlpha);
    alphaSum += alpha.reduce((sum, value) => sum + value, 0) / alpha.length;
  }
  return {
    psnr: values.reduce((sum, value) => sum + value, 0) / values.length,
    worst: Math.min(...values),
    leastAlpha,
    meanAlpha: alphaSum / views.length,
  };
}

/** What a screen makes of a value. */
const shown = (value: number): number => Math.min(1, Math.max(0, value));

async function draw(
  { gpu, rasterizer, splats }: Pick<FitOptions, "gpu" | "rasterizer" | "splats">,
  { camera }: WorldView,
  background: Vec3,
) {
  const { out, saved } = await rasterizer.renderComplete({ splats, camera, background, antialias: false });
  const image = await readFloats(gpu, out.image.buffer, 3 * camera.width * camera.height);
  return { image, out, saved };
}

function scaled(rates: LearningRates, factor: number): LearningRates {
  return {
    means: factor * rates.means,
    quaternions: factor * rates.quaternions,
    logScales: factor * rates.logScales,
    opacityLogits: factor * rates.opacityLogits,
    sh: { dc: factor * rates.sh.dc, rest: factor * rates.sh.rest },
  };
}
