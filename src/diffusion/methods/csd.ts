import { choice, slider } from "../../core/params.ts";
import { WEIGHTINGS, type Weighting } from "../schedule.ts";
import { defineMethod } from "./coefficients.ts";

/**
 * w_a·(ε(z_t, y) − ε(z_t, ∅)) − w_b·(ε(z_t, ŷ) − ε(z_t, ∅)) − w_n·(ε(z_t, n) − ε(z_t, ∅)), times w(t).
 * w_a = w_b is the editing form, two evaluations; w_b = 0 is the generating one. The source latent does not enter.
 */
export const csd = defineMethod({
  id: "csd",
  label: "Classifier score distillation (CSD)",
  cite: "Yu et al. 2024, Text-to-3D with Classifier Score Distillation, arXiv:2310.19415; editing form as in SSD eq. 3",
  params: {
    wa: slider({
      label: "Toward target",
      help: "w_a: pull of the target words.",
      min: 0,
      max: 30,
      step: 0.05,
      default: 7.5,
    }),
    wb: slider({
      label: "Away from source",
      help: "w_b: push away from the source words. Equal to w_a it saves an evaluation.",
      min: 0,
      max: 30,
      step: 0.05,
      default: 7.5,
    }),
    wn: slider({
      label: "Away from negative",
      help: "w_n: push away from the negative words.",
      min: 0,
      max: 30,
      step: 0.05,
      default: 0,
    }),
    weighting: choice({
      label: "Weight w(t)",
      help: "How much each noise level counts; generation uses variance, 1 − ᾱ.",
      options: Object.keys(WEIGHTINGS),
      default: "uniform" satisfies Weighting,
    }),
  },
  weight: ({ weighting }, t, schedule) => WEIGHTINGS[weighting as Weighting](schedule, t),
  terms: ({ wa, wb, wn }) => ({
    target: { "target/target": wa, "target/null": -wa },
    source: { "target/source": -wb, "target/null": wb },
    negative: { "target/negative": -wn, "target/null": wn },
  }),
});
