/**
 * One step of an edit: the project's main line. Read this first.
 *
 *     view → rasterize → encode → z → z_t → ε̂ per slot → method → bridge → rasterizer backward → Adam
 *
 * Images and splats never leave the GPU here, latents are small and live on the CPU.
 */
import type { Tensor } from "../core/tensor.ts";
import type { Bridge } from "../diffusion/codecs/bridge.ts";
import type { Codec } from "../diffusion/codecs/codec.ts";
import type { Denoiser, DenoiserSlot } from "../diffusion/denoiser.ts";
import {
  slotParts,
  type Method,
  type PromptRole,
  type Slot,
  type Term,
} from "../diffusion/methods/method.ts";
import { addNoise, type Schedule } from "../diffusion/schedule.ts";
import type { GpuImage } from "../gpu/image.ts";
import type { GradientSum } from "../optim/accumulate.ts";
import type { Adam } from "../optim/adam.ts";
import { learningRates } from "../optim/learning-rates.ts";
import type { Rasterizer } from "../raster/rasterizer.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import { assertFinite } from "./finite.ts";
import type { Draw } from "./sampling.ts";
import type { EditSettings } from "./settings.ts";
import type { TrainingViews } from "./training-views.ts";

/** What a step works with. It changes the splats and the optimiser's moments. */
export interface StepContext extends Pick<TrainingViews, "render" | "sources" | "bank" | "weight"> {
  readonly splats: SplatBuffers;
  readonly rasterizer: Rasterizer;
  readonly codec: Codec;
  readonly denoiser: Denoiser;
  readonly schedule: Schedule;
  readonly optimizer: Adam;
  readonly gradients: GradientSum;
  readonly mask: GPUBuffer | undefined;
  /** Unit of the position learning rate. */
  readonly extent: number;
  /** Ends a step, with nothing changed, after the call of the UNet under way. */
  readonly signal?: AbortSignal;
}

/** What may change between two steps. */
export interface StepPlan {
  readonly settings: EditSettings;
  readonly method: Method;
  readonly bridge: Bridge;
  readonly prompts: Readonly<Record<PromptRole, Tensor>>;
  /** 0 at the first step, towards 1. */
  readonly progress: number;
}

/** What one view contributed, for plots and pictures. Images are valid until the next step. */
export interface ViewReport {
  readonly view: number;
  readonly t: number;
  /** The view's latent. */
  readonly z: Tensor;
  readonly gradient: Tensor;
  readonly terms: readonly Term[];
  readonly image: GpuImage;
  readonly vImage: GpuImage;
  /** Another gradient on the latent over the same bridge. Writes over `vImage`. */
  toImage(vLatent: Tensor): Promise<GpuImage>;
}

export async function editStep(
  context: StepContext,
  plan: StepPlan,
  draws: readonly Draw[],
): Promise<ViewReport> {
  const { splats, optimizer, gradients, mask, extent, weight } = context;
  gradients.clear();
  let report: ViewReport | undefined;
  for (const draw of draws) report = await viewGradient(context, plan, draw, weight / draws.length);
  const rates = learningRates(plan.settings.learningRates, plan.progress, extent);
  optimizer.step({ splats, gradients: gradients.sum, rates, ...(mask && { mask }) });
  return report!;
}

/** Adds one view's gradient on the splats to the step's. */
async function viewGradient(
  context: StepContext,
  { settings, method, bridge, prompts }: StepPlan,
  draw: Draw,
  weight: number,
): Promise<ViewReport> {
  const { rasterizer, codec, denoiser, schedule, sources, bank, signal } = context;
  const { view, t, noise } = draw;
  const zSource = await sources.latent(view);
  const render = await context.render(context.splats, view);
  const { image } = render.out;
  const { out: z, saved } = await codec.forward(image);
  assertFinite("the view's latent", z);

  const noisy = { target: addNoise(schedule, z, noise, t), source: addNoise(schedule, zSource, noise, t) };
  const slots = method.uses(settings.params, t, schedule);
  const asked = new Map<Slot, DenoiserSlot>();
  for (const slot of slots) {
    const { latent, prompt, image: isShown } = slotParts(slot);
    asked.set(slot, {
      latent: noisy[latent],
      prompt: prompts[prompt],
      ...(isShown && { image: zSource }),
    });
  }
  const epsilon = await bank.predict(denoiser, draw, asked, signal);
  const { gradient, terms } = method.gradient({ z, zSource, t, noise, schedule, epsilon }, settings.params);
  assertFinite(`the ${method.label} gradient`, gradient);

  const toImage = (vLatent: Tensor): Promise<GpuImage> =>
    bridge.imageCotangent({ codec, image, saved, z, zSource, vLatent }, settings.bridgeParams);
  const vImage = await toImage(gradient);
  const vSplats = await rasterizer.vjp(render.saved, { image: vImage });
  context.gradients.add(vSplats, weight);
  return { view, t, z, gradient, terms, image, vImage, toImage };
}
