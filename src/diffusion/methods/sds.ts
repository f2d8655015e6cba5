import { choice, slider } from "../../core/params.ts";
import { WEIGHTINGS, type Weighting } from "../schedule.ts";
import { added, defineMethod } from "./coefficients.ts";
import { guidedTarget } from "./guided-slots.ts";

/** w(t)·(ε^s(z_t, y) − ε): no source enters, so nothing but the prompt holds the scene. */
export const sds = defineMethod({
  id: "sds",
  label: "Score distillation (SDS)",
  cite: "Poole et al. 2023, DreamFusion, arXiv:2209.14988, eq. 3",
  params: {
    scale: slider({
      label: "Guidance scale",
      help: "How strongly the words pull. Classic text-to-3D uses 100; edits need far less.",
      min: 0,
      max: 200,
      step: 0.5,
      default: 7.5,
    }),
    weighting: choice({
      label: "Weight w(t)",
      help: "How much each noise level counts: variance is 1 − ᾱ.",
      options: Object.keys(WEIGHTINGS),
      default: "variance" satisfies Weighting,
    }),
  },
  weight: ({ weighting }, t, schedule) => WEIGHTINGS[weighting as Weighting](schedule, t),
  terms: ({ scale }) => ({
    classifier: added(guidedTarget(scale), { "target/null": -1 }),
    denoising: { "target/null": 1, noise: -1 },
  }),
});
