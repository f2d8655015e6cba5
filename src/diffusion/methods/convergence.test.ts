/** With the optimal denoiser of known data, a method must arrive where that data is. */
import { describe, expect, test } from "vitest";
import { createRng } from "../../core/rng.ts";
import { linearCombination } from "../linear-combination.ts";
import { createSchedule } from "../schedule.ts";
import { situation } from "../testing/distill.ts";
import { norm } from "../testing/expect-close.ts";
import { createGaussianDenoiser } from "../testing/gaussian-denoiser.ts";
import { ddsStepLength, editLatent } from "../testing/latent-descent.ts";
import { randomLatent, type Latent64 } from "../testing/mock-denoiser.ts";
import { methods } from "./index.ts";

const schedule = createSchedule();
const rng = createRng("convergence");
const red = randomLatent(rng.fork("red"));
const blue = randomLatent(rng.fork("blue"));
const anything: Latent64 = linearCombination([
  [0.5, red],
  [0.5, blue],
]);
const denoise = createGaussianDenoiser(
  schedule,
  new Map([
    ["red", { mean: red, deviation: 0.3 }],
    ["blue", { mean: blue, deviation: 0.3 }],
    ["", { mean: anything, deviation: 1 }],
  ]),
);
const start = situation({
  denoise,
  schedule,
  z: red,
  zSource: red,
  prompts: { target: "blue", source: "red", null: "", negative: "" },
});
const away = (z: Latent64, from: Latent64): number =>
  norm(
    linearCombination([
      [1, z],
      [-1, from],
    ]),
  );

describe("starting at red, words say blue", () => {
  test.each([
    ["dds", { scale: 1 }],
    ["ssd", { wp: 7.5, wt: 6, we: 0, identity: 0 }],
    ["pds", { scale: 1, stride: 1 }],
    ["sds", { scale: 1 }],
  ])("%s comes closer to blue than to red", (id, params) => {
    const z = editLatent(methods.get(id), params, start, {
      steps: 400,
      length: ddsStepLength([4, 64, 64]),
      range: { min: 50, max: 948 },
    });
    expect(away(z, blue)).toBeLessThan(0.5 * away(z, red));
  });

  test("and nothing happens when the words stay red", () => {
    const stay = { ...start, prompts: { ...start.prompts, target: "red" } };
    const options = { steps: 50, length: 0.05, range: { min: 50, max: 948 } };
    expect(away(editLatent(methods.get("dds"), {}, stay, options), red)).toBeLessThan(1e-12);
  });
});
