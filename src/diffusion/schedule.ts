import { assert } from "../core/assert.ts";
import { UserError } from "../core/errors.ts";
import type { FloatArray, Tensor } from "../core/tensor.ts";
import { BETA_SCHEDULES, cumulativeAlphas, rescaleToZeroTerminalSnr } from "./beta-schedules.ts";
import { linearCombination } from "./linear-combination.ts";

/** What the UNet's output means. */
export type PredictionType = "epsilon" | "v_prediction";

/** A variance-preserving noise schedule over training timesteps 0 … steps − 1. */
export interface Schedule {
  readonly steps: number;
  readonly betas: Float64Array; // [steps]
  /** ᾱ, strictly decreasing. */
  readonly alphaBars: Float64Array; // [steps]
  readonly predictionType: PredictionType;
}

/** The fields read of a diffusers `scheduler_config.json`; missing ones are Stable Diffusion 1.x's. */
export interface SchedulerConfig {
  readonly num_train_timesteps?: number;
  readonly beta_start?: number;
  readonly beta_end?: number;
  readonly beta_schedule?: string;
  readonly trained_betas?: readonly number[] | null;
  readonly rescale_betas_zero_snr?: boolean;
  readonly prediction_type?: string;
}

/** Throws a `UserError` for a config that describes no schedule we can follow. */
export function createSchedule(config: SchedulerConfig = {}): Schedule {
  const betas = config.rescale_betas_zero_snr ? rescaleToZeroTerminalSnr(betasOf(config)) : betasOf(config);
  if (!betas.every((beta) => beta > 0 && beta < 1)) {
    throw new UserError("The model's scheduler config gives noise levels outside 0 … 1.", CONFIG_HINT);
  }
  return {
    steps: betas.length,
    betas,
    alphaBars: cumulativeAlphas(betas),
    predictionType: predictionTypeOf(config.prediction_type ?? "epsilon"),
  };
}

const CONFIG_HINT = "Check scheduler/scheduler_config.json in the model's folder.";

function betasOf(config: SchedulerConfig): Float64Array {
  if (config.trained_betas?.length) return Float64Array.from(config.trained_betas);
  const name = config.beta_schedule ?? "scaled_linear";
  const betaSchedule = Object.hasOwn(BETA_SCHEDULES, name) ? BETA_SCHEDULES[name] : undefined;
  if (!betaSchedule) {
    throw new UserError(
      `The model's noise schedule "${name}" is not one we know (${Object.keys(BETA_SCHEDULES).join(", ")}).`,
      CONFIG_HINT,
    );
  }
  const steps = config.num_train_timesteps ?? 1000;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new UserError(`The model's scheduler config asks for ${steps} timesteps.`, CONFIG_HINT);
  }
  return betaSchedule(steps, config.beta_start ?? 0.00085, config.beta_end ?? 0.012);
}

function predictionTypeOf(name: string): PredictionType {
  if (name === "epsilon" || name === "v_prediction") return name;
  throw new UserError(
    `The model predicts "${name}"; only epsilon and v_prediction are supported.`,
    CONFIG_HINT,
  );
}

/**
 * ᾱ_t. Below 0 it is ᾱ_0, not 1: the `set_alpha_to_one: false` of Stable Diffusion's schedulers, which posterior
 * formulas meet at their last step.
 */
export function alphaBar(schedule: Schedule, t: number): number {
  assert(
    Number.isInteger(t) && t < schedule.steps,
    `t: got ${t}, expected an integer below ${schedule.steps}`,
  );
  return schedule.alphaBars[Math.max(t, 0)]!;
}

/** σ_t = √(1 − ᾱ_t), the amplitude of the noise in z_t. */
export const sigma = (schedule: Schedule, t: number): number => Math.sqrt(1 - alphaBar(schedule, t));

/** κ_t = √((1 − ᾱ_t)/ᾱ_t), the inverse signal-to-noise amplitude. */
export const kappa = (schedule: Schedule, t: number): number =>
  sigma(schedule, t) / Math.sqrt(alphaBar(schedule, t));

/** z_t = √ᾱ_t·z + σ_t·ε. */
export function addNoise<A extends FloatArray>(
  schedule: Schedule,
  z: Tensor<A>,
  noise: Tensor<A>,
  t: number,
): Tensor<A> {
  return linearCombination([
    [Math.sqrt(alphaBar(schedule, t)), z],
    [sigma(schedule, t), noise],
  ]);
}

/** Tweedie's estimate of the clean latent: (z_t − σ_t·ε̂)/√ᾱ_t. */
export function predictX0<A extends FloatArray>(
  schedule: Schedule,
  zt: Tensor<A>,
  epsilon: Tensor<A>,
  t: number,
): Tensor<A> {
  return linearCombination([
    [1 / Math.sqrt(alphaBar(schedule, t)), zt],
    [-kappa(schedule, t), epsilon],
  ]);
}

/** ε̂ from the UNet's output for z_t, whatever it predicts; from v it is √ᾱ_t·v + σ_t·z_t (Salimans & Ho 2022). */
export function toEpsilon<A extends FloatArray>(
  schedule: Schedule,
  prediction: Tensor<A>,
  zt: Tensor<A>,
  t: number,
): Tensor<A> {
  if (schedule.predictionType === "epsilon") return prediction;
  return linearCombination([
    [Math.sqrt(alphaBar(schedule, t)), prediction],
    [sigma(schedule, t), zt],
  ]);
}

/** w(t), how much a score-distillation rule trusts each noise level. */
export const WEIGHTINGS = {
  uniform: () => 1,
  /** σ_t² = 1 − ᾱ_t, DreamFusion's (Poole et al. 2023). */
  variance: (schedule: Schedule, t: number) => 1 - alphaBar(schedule, t),
  /** Fantasia3D's √ᾱ·(1 − ᾱ) (Chen et al. 2023). */
  fantasia3d: (schedule: Schedule, t: number) =>
    Math.sqrt(alphaBar(schedule, t)) * (1 - alphaBar(schedule, t)),
} satisfies Record<string, (schedule: Schedule, t: number) => number>;
export type Weighting = keyof typeof WEIGHTINGS;
