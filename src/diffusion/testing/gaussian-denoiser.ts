import { alphaBar, type Schedule } from "../schedule.ts";
import { assert } from "../../core/assert.ts";
import type { Latent64, MockDenoiser } from "./mock-denoiser.ts";

/** Data of one prompt: N(mean, deviation²·I). */
export interface GaussianData {
  readonly mean: Latent64;
  readonly deviation: number;
}

/**
 * The optimal denoiser for Gaussian data, in closed form:
 * ε̂(a) = σ_t·(a − √ᾱ_t·μ)/(ᾱ_t·s² + 1 − ᾱ_t). A method run with it must end where the data is.
 */
export function createGaussianDenoiser(
  schedule: Schedule,
  data: ReadonlyMap<string, GaussianData>,
): MockDenoiser {
  return (queries, t) =>
    queries.map(({ noisy, prompt }) => {
      const known = data.get(prompt);
      assert(known, `prompt: got "${prompt}", expected one of ${[...data.keys()].join(", ")}`);
      const ab = alphaBar(schedule, t);
      const factor = Math.sqrt(1 - ab) / (ab * known.deviation ** 2 + 1 - ab);
      const values = noisy.data.map((value, i) => factor * (value - Math.sqrt(ab) * known.mean.data[i]!));
      return { shape: noisy.shape, data: values };
    });
}
