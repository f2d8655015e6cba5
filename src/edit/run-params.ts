/** Parameters of a run that belong to no method, bridge or view sampler. */
import { slider } from "../core/params.ts";

export const RUN_PARAMS = {
  noiseBank: slider({
    label: "Noise bank",
    help:
      "Noise levels for each view, each with noise of its own that comes again, so that the model's answers about " +
      "the untouched scene are kept and need not be asked for again. 0: new noise every step.",
    min: 0,
    max: 64,
    step: 1,
    default: 0,
  }),
};
