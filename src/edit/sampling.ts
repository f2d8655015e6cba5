/**
 * What a step leaves to chance: the view, the noise level, the noise. Each is drawn from a generator of its own, named
 * by the step, so a run repeats with its seed, and changing a parameter half way changes no later draw but its own.
 */
import { assert } from "../core/assert.ts";
import { createRng, type Rng } from "../core/rng.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Schedule } from "../diffusion/schedule.ts";
import { sampleTimestep, timestepSamplers } from "../diffusion/timesteps.ts";
import type { EditSettings } from "./settings.ts";

/** One view's share of a step. */
export interface Draw {
  /** Index of the view. */
  readonly view: number;
  readonly t: number;
  /** N(0, I) in the latent's shape, shared by target and source. */
  readonly noise: Tensor;
}

export interface DrawContext {
  readonly schedule: Schedule;
  readonly viewCount: number;
  readonly latentShape: readonly number[];
}

/** The draws of a step, `viewsPerStep` of them. */
export function drawStep(
  step: number,
  settings: Pick<EditSettings, "seed" | "steps" | "timesteps" | "viewsPerStep">,
  { schedule, viewCount, latentShape }: DrawContext,
): readonly Draw[] {
  const { seed, steps, timesteps, viewsPerStep } = settings;
  const rng = createRng(seed);
  const sampler = timestepSamplers.get(timesteps.sampler);
  return Array.from({ length: viewsPerStep }, (_, k) => {
    const name = `${step}/${k}`;
    return {
      view: viewAt(step * viewsPerStep + k, viewCount, rng.fork("views")),
      t: sampleTimestep(sampler, schedule, { step, steps }, timesteps, rng.fork("timesteps").fork(name)),
      noise: normalTensor(latentShape, rng.fork("noise").fork(name)),
    };
  });
}

/** Every view comes once before any comes twice, in another order each time. */
function viewAt(draw: number, viewCount: number, rng: Rng): number {
  assert(viewCount > 0, "viewCount: got 0, expected at least one view");
  return shuffled(viewCount, rng.fork(`round ${Math.floor(draw / viewCount)}`))[draw % viewCount]!;
}

/** 0 … n − 1 in random order (Fisher and Yates). */
function shuffled(n: number, rng: Rng): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = rng.int(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function normalTensor(shape: readonly number[], rng: Rng): Tensor {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  return { shape, data: data.map(() => rng.normal()) };
}
