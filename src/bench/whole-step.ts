import type { Bridge } from "../diffusion/codecs/bridge.ts";
import { methods } from "../diffusion/methods/index.ts";
import { createPredictionBank } from "../edit/noise-bank.ts";
import { embedPrompts } from "../edit/prompts.ts";
import { drawStep } from "../edit/sampling.ts";
import { createSourceCache } from "../edit/source-cache.ts";
import { editStep } from "../edit/step.ts";
import type { StepContext, StepPlan } from "../edit/step.ts";
import { createViewRenderer } from "../edit/view-renderer.ts";
import type { Gpu } from "../gpu/device.ts";
import { GradientSum } from "../optim/accumulate.ts";
import { Adam } from "../optim/adam.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { Laps } from "./laps.ts";
import type { Trial } from "./row.ts";
import type { SceneSubject } from "./scene-subject.ts";

/** What a step is made of, in its order. */
export const STEP_PARTS = [
  "raster forward",
  "encoder",
  "unet",
  "bridge",
  "raster backward",
  "sum + adam",
] as const;
export type StepPart = (typeof STEP_PARTS)[number];

/**
 * A step of a run, as the job takes it, always from the same view: the warm-up has its source latent made, as most
 * steps of a run find it. Its parts are waited for one by one, which adds some waits to those that it has anyway.
 */
export async function prepareStep(subject: SceneSubject, bridge: Bridge): Promise<Trial<StepPart>> {
  const { gpu, pipeline, view, original, settings, stage } = subject;
  const { codec, denoiser, schedule, textEncoder } = pipeline;
  const laps = new Laps<StepPart>(gpu);
  const rasterizer = new TimedRasterizer(gpu, laps);
  const render = createViewRenderer(rasterizer, stage.cameras, view.background, view.antialias);
  const context: StepContext = {
    splats: view.splats,
    rasterizer,
    render: laps.timed("raster forward", render),
    codec: { ...codec, forward: laps.timed("encoder", (image) => codec.forward(image)) },
    denoiser: { ...denoiser, predict: laps.timed("unet", (...request) => denoiser.predict(...request)) },
    schedule,
    sources: createSourceCache(original.buffers, render, codec),
    bank: createPredictionBank(),
    optimizer: new Adam(gpu, view.splats),
    gradients: new GradientSum(gpu, view.splats),
    mask: undefined,
    extent: stage.extent,
  };
  const plan: StepPlan = {
    settings,
    method: methods.get(settings.method),
    bridge: {
      ...bridge,
      imageCotangent: laps.timed("bridge", (input, params) => bridge.imageCotangent(input, params)),
    },
    prompts: await embedPrompts(textEncoder, settings),
    progress: 0,
  };
  const cells = settings.size / codec.downscale;
  const draws = drawStep(0, settings, {
    schedule,
    viewCount: 1,
    latentShape: [codec.latentChannels, cells, cells],
  });
  return {
    async run() {
      laps.start();
      await editStep(context, plan, draws);
      await laps.finish("sum + adam");
    },
    parts: () => laps.times,
    dispose() {
      rasterizer.dispose();
      context.optimizer.dispose();
      context.gradients.dispose();
    },
  };
}

class TimedRasterizer extends Rasterizer {
  override readonly vjp: Rasterizer["vjp"];

  constructor(gpu: Gpu, laps: Laps<StepPart>) {
    super(gpu);
    this.vjp = laps.timed("raster backward", (saved, vOut) => super.vjp(saved, vOut));
  }
}
