import { describe, expect, test } from "vitest";
import { createRng } from "../../core/rng.ts";
import { guide } from "../guidance.ts";
import { linearCombination } from "../linear-combination.ts";
import { addNoise, alphaBar, createSchedule, predictX0 } from "../schedule.ts";
import { gradientOf, predict, situation, type Situation } from "../testing/distill.ts";
import { expectClose, expectNonZero, expectZero } from "../testing/expect-close.ts";
import { randomLatent, type Latent64 } from "../testing/mock-denoiser.ts";
import { dds } from "./dds.ts";
import { pds, posteriorConstants } from "./pds.ts";

const schedule = createSchedule();
const at = situation();

/** The paper's own form: the difference of the stochastic latents, with its second noise drawn. */
function zetaDifference(given: Situation, scale: number, stride: number, secondNoise: Latent64): Latent64 {
  const { t, noise } = given;
  const here = alphaBar(schedule, t);
  const before = alphaBar(schedule, t - stride);
  const beta = schedule.betas[t]!;
  const zeta = (z: Latent64, guided: Latent64): Latent64 => {
    const zt = addNoise(schedule, z, noise, t);
    const x0 = predictX0(schedule, zt, guided, t);
    const deviation = Math.sqrt(((1 - before) / (1 - here)) * beta);
    return linearCombination([
      [Math.sqrt(before) / deviation, z],
      [Math.sqrt(1 - before) / deviation, secondNoise],
      [-(Math.sqrt(before) * beta) / (1 - here) / deviation, x0],
      [-(Math.sqrt(1 - beta) * (1 - before)) / (1 - here) / deviation, zt],
    ]);
  };
  const target = guide(predict("target/null", given), predict("target/target", given), scale);
  const source = guide(predict("source/null", given), predict("source/source", given), scale);
  return linearCombination([
    [1, zeta(given.z, target)],
    [-1, zeta(given.zSource, source)],
  ]);
}

const secondNoise = (seed: number): Latent64 => randomLatent(createRng(`second noise ${seed}`));

test("at t = 0 nothing is left to go back to, and the source does not pull", () => {
  for (const stride of [1, 2, 20]) {
    const { psi, chi } = posteriorConstants(schedule, 0, stride);
    expect([psi, chi]).toEqual([0, 1]);
  }
  expect(Math.abs(posteriorConstants(schedule, 1, 2).psi)).toBeLessThan(1e-9);
});

describe.each([21, 401, 977])("t = %i", (t) => {
  const given = situation({ t });

  test.each([1, 2, 20])("U25: the difference of stochastic latents is ψ·Δ + χ·DDS, stride %i", (stride) => {
    const direct = zetaDifference(given, 100, stride, secondNoise(1));
    expectNonZero(direct);
    expectClose(gradientOf(pds, { scale: 100, stride }, given), direct, 1e-10);
    const { psi, chi } = posteriorConstants(schedule, t, stride);
    const closed = linearCombination([
      [psi, given.z],
      [-psi, given.zSource],
      [chi, gradientOf(dds, { scale: 100 }, given)],
    ]);
    expectClose(closed, direct, 1e-10);
  });

  test("U29: the second noise cancels", () => {
    const [one, other] = [1, 2].map((seed) => zetaDifference(given, 7.5, 2, secondNoise(seed)));
    expectClose(one!, other!, 1e-11);
  });

  test("U28: with z = ẑ and y = ŷ the gradient is 0", () => {
    const same = { ...given, zSource: given.z, prompts: { ...given.prompts, source: given.prompts.target } };
    expectZero(gradientOf(pds, {}, same));
    expectNonZero(gradientOf(pds, {}, given));
  });
});

test("U26: at stride 1 ψ = 0 and χ = √(β_t/(α_t·(1 − ᾱ_{t−1})))", () => {
  for (let t = 1; t < schedule.steps; t++) {
    const { psi, chi } = posteriorConstants(schedule, t, 1);
    const beta = schedule.betas[t]!;
    expect(Math.abs(psi)).toBeLessThan(1e-12);
    expect(chi).toBeCloseTo(Math.sqrt(beta / ((1 - beta) * (1 - alphaBar(schedule, t - 1)))), 10);
  }
});

describe("U27: the authors' constants at stride 2", () => {
  test.each([
    [21, 1.613, 0.2317],
    [51, 0.6507, 0.153],
    [101, 0.3143, 0.1155],
    [201, 0.1396, 0.0918],
    [301, 0.0794, 0.0838],
    [401, 0.0494, 0.0814],
    [501, 0.0321, 0.0821],
    [601, 0.0214, 0.0852],
    [701, 0.0144, 0.09],
    [801, 0.0096, 0.0962],
    [901, 0.0062, 0.1035],
    [977, 0.0043, 0.1094],
  ] as const)("t = %i", (t, psi, chi) => {
    const constants = posteriorConstants(schedule, t, 2);
    expect(Math.abs(constants.psi - psi)).toBeLessThan(t === 21 ? 0.51e-3 : 0.51e-4);
    expect(Math.abs(constants.chi - chi)).toBeLessThan(0.51e-4);
  });
});

test("by default it is what the authors run: guidance 100, stride 2", () => {
  expect(gradientOf(pds, {}, at)).toEqual(gradientOf(pds, { scale: 100, stride: 2 }, at));
});
