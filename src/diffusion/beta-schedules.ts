import { assert } from "../core/assert.ts";

/** β over the training timesteps [steps], in float64. */
export type BetaSchedule = (steps: number, start: number, end: number) => Float64Array;

const lerp = (a: number, b: number, x: number): number => a + (b - a) * x;
const position = (i: number, steps: number): number => (steps > 1 ? i / (steps - 1) : 0);
const table = (steps: number, f: (i: number) => number): Float64Array =>
  Float64Array.from({ length: steps }, (_, i) => f(i));

/** Nichol & Dhariwal 2021, "Improved Denoising Diffusion Probabilistic Models", eq. 17. */
const cosineAlphaBar = (x: number): number => Math.cos(((x + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
const MAX_COSINE_BETA = 0.999;

/** The `beta_schedule` names of a diffusers scheduler config. */
export const BETA_SCHEDULES: Readonly<Record<string, BetaSchedule>> = {
  /** Latent Diffusion's and every Stable Diffusion's: linear in √β. */
  scaled_linear: (steps, start, end) =>
    table(steps, (i) => lerp(Math.sqrt(start), Math.sqrt(end), position(i, steps)) ** 2),
  linear: (steps, start, end) => table(steps, (i) => lerp(start, end, position(i, steps))),
  squaredcos_cap_v2: (steps) =>
    table(steps, (i) =>
      Math.min(1 - cosineAlphaBar((i + 1) / steps) / cosineAlphaBar(i / steps), MAX_COSINE_BETA),
    ),
};

/**
 * Shifts and scales √ᾱ so that the last timestep is pure noise while the first keeps its value (Lin et al. 2024,
 * "Common Diffusion Noise Schedules and Sample Steps are Flawed", algorithm 1). The last ᾱ becomes 2⁻²⁴ rather
 * than 0, so that divisions by √ᾱ stay finite.
 */
export function rescaleToZeroTerminalSnr(betas: Float64Array): Float64Array {
  assert(betas.length > 1, `betas: got ${betas.length} timesteps, expected at least 2`);
  const roots = cumulativeAlphas(betas).map(Math.sqrt);
  const first = roots[0]!;
  const last = roots[roots.length - 1]!;
  const alphaBars = roots.map((root) => Math.max(((root - last) * first) / (first - last), 2 ** -12) ** 2);
  return alphaBars.map((alphaBar, i) => 1 - alphaBar / (i > 0 ? alphaBars[i - 1]! : 1));
}

/** ᾱ_t = Π_{j ≤ t} (1 − β_j). */
export function cumulativeAlphas(betas: Float64Array): Float64Array {
  let product = 1;
  return betas.map((beta) => (product *= 1 - beta));
}
