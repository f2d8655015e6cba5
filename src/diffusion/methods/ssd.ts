import { slider } from "../../core/params.ts";
import { alphaBar } from "../schedule.ts";
import { timestepFraction } from "../timesteps.ts";
import { defineMethod } from "./coefficients.ts";

/**
 * Stable score distillation for editing:
 *
 *     w_p·(ε(z_t, y) − ε(z_t, ŷ))       cross-prompt: from the source's words to the target's
 *   + w_t·(ε(z_t, ŷ) − ε(ẑ_t, ∅))       cross-trajectory: back to where the untouched scene is
 *   + w_e·(ε(z_t, y) − ε(z_t, ∅))       prompt-enhance
 *   + w_ID·e^t̄·(z_t − ẑ_t)              identity, where z_t − ẑ_t = √ᾱ_t·(z − ẑ)
 *
 * All weights are the multipliers of the paper's equations; the authors' 3D code halves its first two.
 */
export const ssd = defineMethod({
  id: "ssd",
  label: "Stable score distillation (SSD)",
  cite: "Zhu et al. 2025, Stable Score Distillation (ICCV), eq. 6–9",
  params: {
    wp: slider({
      label: "Cross-prompt",
      help: "w_p: how strongly the change of words acts.",
      min: 0,
      max: 20,
      step: 0.05,
      default: 7.5,
    }),
    wt: slider({
      label: "Cross-trajectory",
      help: "w_t: how strongly the untouched scene holds. Equal to w_p it saves an evaluation.",
      min: 0,
      max: 20,
      step: 0.05,
      default: 2,
    }),
    we: slider({
      label: "Prompt enhance",
      help: "w_e: extra pull of the target words. 0 saves an evaluation; style edits like 2 to 5.5.",
      min: 0,
      max: 20,
      step: 0.05,
      default: 0,
    }),
    identity: slider({
      label: "Identity",
      help: "w_ID: spring back to the untouched latent. The authors use 0.075; too much suppresses the edit.",
      min: 0,
      max: 1,
      step: 0.005,
      default: 0.075,
    }),
  },
  terms: ({ wp, wt, we, identity }, t, schedule) => ({
    "cross-prompt": { "target/target": wp, "target/source": -wp },
    "cross-trajectory": { "target/source": wt, "source/null": -wt },
    "prompt-enhance": { "target/target": we, "target/null": -we },
    identity: {
      difference: identity * Math.exp(timestepFraction(schedule, t)) * Math.sqrt(alphaBar(schedule, t)),
    },
  }),
});
