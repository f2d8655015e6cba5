import type { Rng } from "../core/rng.ts";
import { tensor } from "../core/tensor.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Denoiser } from "./denoiser.ts";
import { linearCombination } from "./linear-combination.ts";
import { addNoise, predictX0 } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { PromptEmbedding } from "./text-encoder.ts";

export interface SampleOptions {
  readonly schedule: Schedule;
  /** Channels, height, width. */
  readonly shape: readonly number[];
  readonly prompt: PromptEmbedding;
  readonly nullPrompt: PromptEmbedding;
  readonly steps: number;
  readonly guidance: number;
  readonly rng: Rng;
}

/**
 * A latent that the model itself imagines for a prompt: DDIM with η = 0 (Song et al. 2021, eq. 12) under
 * classifier-free guidance.
 */
export async function sampleLatent(denoiser: Denoiser, options: SampleOptions): Promise<Tensor> {
  const { schedule, shape, prompt, nullPrompt, steps, guidance, rng } = options;
  const size = shape.reduce((product, length) => product * length, 1);
  let latent: Tensor = tensor(
    Float32Array.from({ length: size }, () => rng.normal()),
    shape,
  );
  for (let step = steps; step > 0; step--) {
    const t = Math.round((schedule.steps * step) / steps) - 1;
    const [told, untold] = await denoiser.predict(
      [prompt, nullPrompt].map((p) => ({ latent, prompt: p })),
      t,
    );
    const epsilon = linearCombination([
      [guidance, told!],
      [1 - guidance, untold!],
    ]);
    const clean = predictX0(schedule, latent, epsilon, t);
    const next = Math.round((schedule.steps * (step - 1)) / steps) - 1;
    latent = step > 1 ? addNoise(schedule, clean, epsilon, next) : clean;
  }
  return latent;
}
