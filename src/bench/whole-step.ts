import type { Bridge } from "../diffusion/codecs/bridge.ts";
import { methods } from "../diffusion/methods/index.ts";
import { embedPrompts } from "../edit/prompts.ts";
import { drawStep } from "../edit/sampling.ts";
import { editStep } from "../edit/step.ts";
import type { StepContext, StepPlan } from "../edit/step.ts";
import { createTrainingViews } from "../edit/training-views.ts";
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
  const seen = { cameras: stage.cameras, original: original.buffers, antialiased: view.antialias };
  const views = createTrainingViews({ rasterizer, codec, ...seen }, settings);
  const context: StepContext = {
    ...views,
    splats: view.splats,
    rasterizer,
    render: laps.timed("raster forward", views.render),
    codec: { ...codec, forward: laps.timed("encoder", (image) => codec.forward(image)) },
    denoiser: { ...denoiser, predict: laps.timed("unet", (...request) => denoiser.predict(...request)) },
    schedule,
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
  const { latentShape } = views;
  const draws = drawStep({ step: 0, drawn: 0 }, settings, { schedule, viewCount: 1, latentShape });
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
