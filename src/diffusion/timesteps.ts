import { assert } from "../core/assert.ts";
import { registry } from "../core/registry.ts";
import type { Rng } from "../core/rng.ts";
import type { Schedule } from "./schedule.ts";

/** Noise levels to draw from: inclusive bounds, in steps of the schedule. */
export interface TimestepRange {
  readonly min: number;
  readonly max: number;
}

/** Where a run is: step 0 … steps − 1. */
export interface RunPosition {
  readonly step: number;
  readonly steps: number;
}

export interface TimestepSampler {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  sample(position: RunPosition, range: TimestepRange, rng: Rng): number;
}

/** t ~ U{min … max}: DreamFusion, DDS, PDS. */
const uniform: TimestepSampler = {
  id: "uniform",
  label: "Uniform",
  help: "A random noise level every step.",
  sample: (_position, { min, max }, rng) => min + rng.int(max - min + 1),
};

/**
 * From max to min over the run, never rising: SSD and DreamCatalyst. Their codes step through the scheduler's
 * indices and land one timestep higher, hence 981 … 21 for the range 20 … 980.
 */
const linear: TimestepSampler = {
  id: "linear",
  label: "Linear, falling",
  help: "From coarse to fine over the run: high noise first, low noise last.",
  sample: ({ step, steps }, { min, max }) =>
    Math.floor(((max - min) * (steps - step)) / steps + min) + STEPS_OFFSET,
};

export const timestepSamplers = registry<TimestepSampler>("timestep sampler", [uniform, linear]);

/** Stable Diffusion's scheduler config: index i of the schedule is timestep i + 1. */
const STEPS_OFFSET = 1;

/** t̄ = index/steps in [0, 1), by which weights that change with the noise level are given. */
export const timestepFraction = (schedule: Schedule, t: number): number =>
  Math.max(t - STEPS_OFFSET, 0) / schedule.steps;

/** Draws a timestep of this schedule. */
export function sampleTimestep(
  sampler: TimestepSampler,
  schedule: Schedule,
  position: RunPosition,
  range: TimestepRange,
  rng: Rng,
): number {
  const { step, steps } = position;
  assert(step >= 0 && step < steps, `step: got ${step}, expected 0 … ${steps - 1}`);
  assert(range.min >= 0 && range.min <= range.max, `range: got ${range.min} … ${range.max}`);
  return Math.min(sampler.sample(position, range, rng), schedule.steps - 1);
}
