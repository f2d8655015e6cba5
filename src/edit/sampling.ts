/**
 * What a step leaves to chance: the view, the noise level, the noise. Each is drawn from a generator of its own, named
 * by the step, or for views by how many came before, so a run repeats with its seed, and changing a parameter half way
 * changes no later draw but its own.
 * From a noise bank (noise-bank.ts), noise is named by view and level instead, and comes again.
 */
import { assert } from "../core/assert.ts";
import { resolveParams } from "../core/params.ts";
import { createRng, type Rng } from "../core/rng.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Schedule } from "../diffusion/schedule.ts";
import { sampleTimestep, timestepSamplers } from "../diffusion/timesteps.ts";
import { bankedTimestep } from "./noise-bank.ts";
import { RUN_PARAMS } from "./run-params.ts";
import type { EditSettings } from "./settings.ts";

/** One view's share of a step. */
export interface Draw {
  /** Index of the view. */
  readonly view: number;
  readonly t: number;
  /** N(0, I) in the latent's shape, shared by target and source. */
  readonly noise: Tensor;
  /** Whether view and t alone tell the noise. */
  readonly isBanked: boolean;
}

export interface DrawContext {
  readonly schedule: Schedule;
  readonly viewCount: number;
  readonly latentShape: readonly number[];
}

/** How far a run is. */
export interface DrawPlace {
  readonly step: number;
  /** Views drawn in the steps before. */
  readonly drawn: number;
}

/** The draws of a step, `viewsPerStep` of them. */
export function drawStep(
  { step, drawn: before }: DrawPlace,
  settings: Pick<EditSettings, "seed" | "steps" | "timesteps" | "viewsPerStep" | "runParams">,
  { schedule, viewCount, latentShape }: DrawContext,
): readonly Draw[] {
  const { seed, steps, timesteps, viewsPerStep } = settings;
  const { noiseBank } = resolveParams(RUN_PARAMS, settings.runParams);
  const levels = Math.round(noiseBank);
  const rng = createRng(seed);
  const sampler = timestepSamplers.get(timesteps.sampler);
  return Array.from({ length: viewsPerStep }, (_, k) => {
    const name = `${step}/${k}`;
    const view = viewAt(before + k, viewCount, rng.fork("views"));
    const at = { step, steps };
    const drawn = sampleTimestep(sampler, schedule, at, timesteps, rng.fork("timesteps").fork(name));
    const isBanked = levels > 0;
    const t = isBanked ? bankedTimestep(drawn, timesteps, levels) : drawn;
    const noise = isBanked ? rng.fork("bank").fork(`${view}/${t}`) : rng.fork("noise").fork(name);
    return { view, t, noise: normalTensor(latentShape, noise), isBanked };
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
