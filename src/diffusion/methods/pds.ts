import { slider } from "../../core/params.ts";
import { alphaBar, kappa, type Schedule } from "../schedule.ts";
import { added, defineMethod, scaled } from "./coefficients.ts";
import { guidedSource, guidedTarget } from "./guided-slots.ts";

/**
 * ψ·(z − ẑ) + χ·(ε^s(z_t, y) − ε^s(ẑ_t, ŷ)): the difference of the two stochastic latents that carry z_t to t − stride.
 * The second noise of the paper's form cancels and never has to be drawn.
 */
export const pds = defineMethod({
  id: "pds",
  label: "Posterior distillation (PDS)",
  cite: "Koo et al. 2024, Posterior Distillation Sampling, arXiv:2311.13831, in closed form",
  params: {
    scale: slider({
      label: "Guidance scale",
      help: "How strongly the words pull. The authors use 100.",
      min: 0,
      max: 200,
      step: 0.5,
      default: 100,
    }),
    stride: slider({
      label: "Timestep stride",
      help: "How far back the posterior reaches. The authors' 2 holds on to the source; at 1 that part is zero.",
      min: 1,
      max: 50,
      step: 1,
      default: 2,
    }),
  },
  terms({ scale, stride }, t, schedule) {
    const { psi, chi } = posteriorConstants(schedule, t, Math.round(stride));
    return {
      edit: scaled(added(guidedTarget(scale), scaled(guidedSource(scale), -1)), chi),
      identity: { difference: psi },
    };
  },
});

/**
 * ψ and χ. As the authors' code does, the posterior to t' = t − stride takes the single-step β_t and α_t; for stride 1
 * that is consistent and ψ vanishes, for longer strides ψ > 0 is all that preserves identity.
 */
export function posteriorConstants(
  schedule: Schedule,
  t: number,
  stride: number,
): { readonly psi: number; readonly chi: number } {
  const beta = schedule.betas[t]!;
  const here = alphaBar(schedule, t);
  const before = alphaBar(schedule, t - stride);
  if (t === 0) return { psi: 0, chi: 1 }; // no step is left to take: the difference of the clean predictions
  // μ = γ·x̂0 + δ·z_t, the mean of q(z_t' | z_t, x̂0), and its standard deviation.
  const gamma = (Math.sqrt(before) * beta) / (1 - here);
  const delta = (Math.sqrt(1 - beta) * (1 - before)) / (1 - here);
  const deviation = Math.sqrt(((1 - before) / (1 - here)) * beta);
  return {
    psi: (Math.sqrt(before) - gamma - delta * Math.sqrt(here)) / deviation,
    chi: (gamma * kappa(schedule, t)) / deviation,
  };
}
