import type { AnyValues } from "../../core/params.ts";
import { createRng } from "../../core/rng.ts";
import { linearCombination } from "../linear-combination.ts";
import type { Method } from "../methods/method.ts";
import { sampleTimestep, timestepSamplers, type TimestepRange } from "../timesteps.ts";
import { gradientOf, type Situation } from "./distill.ts";
import { randomLatent, type Latent64 } from "./mock-denoiser.ts";

/**
 * Step length η of the 2D editing loops of DDS, CDS and IDS for a latent [c, h, w]: their loss is
 * 2000·Σ z·g/(h·w), descended with learning rate 0.1.
 */
export const ddsStepLength = ([, height, width]: readonly number[]): number =>
  (0.1 * 2000) / (height! * width!);

/** z − η·g. */
export const descend = (z: Latent64, gradient: Latent64, length: number): Latent64 =>
  linearCombination([
    [1, z],
    [-length, gradient],
  ]);

/** 2D editing in latent space: z starts at the source and follows the method, t uniform, fresh noise every step. */
export function editLatent(
  method: Method,
  params: AnyValues,
  start: Situation,
  { steps, length, range }: { steps: number; length: number; range: TimestepRange },
): Latent64 {
  const rng = createRng("latent descent");
  const sampler = timestepSamplers.get("uniform");
  let z = start.zSource;
  for (let step = 0; step < steps; step++) {
    const t = sampleTimestep(sampler, start.schedule, { step, steps }, range, rng);
    z = descend(z, gradientOf(method, params, { ...start, z, t, noise: randomLatent(rng) }), length);
  }
  return z;
}
