import type { Bridge } from "../diffusion/codecs/bridge.ts";
import { methods } from "../diffusion/methods/index.ts";
import { embedPrompts } from "../edit/prompts.ts";
import { drawStep } from "../edit/sampling.ts";
import { createSourceCache } from "../edit/source-cache.ts";
import { editStep } from "../edit/step.ts";
import type { StepContext, StepPlan } from "../edit/step.ts";
import { createViewRenderer } from "../edit/view-renderer.ts";
import { GradientSum } from "../optim/accumulate.ts";
import { Adam } from "../optim/adam.ts";
import type { Trial } from "./row.ts";
import type { SceneSubject } from "./scene-subject.ts";

/**
 * A step of a run, as the job takes it, always from the same view: the warm-up has its source latent made, as most
 * steps of a run find it.
 */
export async function prepareStep(subject: SceneSubject, bridge: Bridge): Promise<Trial> {
  const { gpu, pipeline, rasterizer, view, original, settings, stage } = subject;
  const { codec, denoiser, schedule, textEncoder } = pipeline;
  const render = createViewRenderer(rasterizer, stage.cameras, view.background, view.antialias);
  const context: StepContext = {
    splats: view.splats,
    rasterizer,
    render,
    codec,
    denoiser,
    schedule,
    sources: createSourceCache(original.buffers, render, codec),
    optimizer: new Adam(gpu, view.splats),
    gradients: new GradientSum(gpu, view.splats),
    mask: undefined,
    extent: stage.extent,
  };
  const plan: StepPlan = {
    settings,
    method: methods.get(settings.method),
    bridge,
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
    run: () => editStep(context, plan, draws),
    dispose() {
      context.optimizer.dispose();
      context.gradients.dispose();
    },
  };
}
