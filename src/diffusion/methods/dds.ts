import { slider } from "../../core/params.ts";
import { added, defineMethod, scaled } from "./coefficients.ts";
import { guidedSource, guidedTarget } from "./guided-slots.ts";

/** ε^s(z_t, y) − ε^s(ẑ_t, ŷ): what SDS would do to the untouched scene is noise to subtract. */
export const dds = defineMethod({
  id: "dds",
  label: "Delta denoising (DDS)",
  cite: "Hertz et al. 2023, Delta Denoising Score, arXiv:2304.07090",
  params: {
    scale: slider({
      label: "Guidance scale",
      help: "How strongly the words pull, on both branches.",
      min: 0,
      max: 200,
      step: 0.5,
      default: 7.5,
    }),
  },
  terms: ({ scale }) => ({
    target: added(guidedTarget(scale), { noise: -1 }),
    source: added(scaled(guidedSource(scale), -1), { noise: 1 }),
  }),
});
