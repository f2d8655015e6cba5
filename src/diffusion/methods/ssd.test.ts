import { describe, expect, test } from "vitest";
import { createRng } from "../../core/rng.ts";
import { linearCombination, type Summand } from "../linear-combination.ts";
import { presets } from "../presets.ts";
import { addNoise, alphaBar } from "../schedule.ts";
import { distill, gradientOf, predict, situation } from "../testing/distill.ts";
import { expectClose, expectNonZero, expectZero, norm } from "../testing/expect-close.ts";
import { randomLatent } from "../testing/mock-denoiser.ts";
import { sampleTimestep, timestepSamplers } from "../timesteps.ts";
import { sumTerms } from "./coefficients.ts";
import { csd } from "./csd.ts";
import { ssd } from "./ssd.ts";

const at = situation();
const OFFICIAL = presets.get("ssd-official").params;

const termsOf = (params: Record<string, number>, given = at) =>
  Object.fromEntries(distill(ssd, params, given).terms.map(({ name, value }) => [name, value]));

test("U16: with w_p alone it is CSD's editing form at equal weights, whatever the source latent", () => {
  const params = { wp: 7.5, wt: 0, we: 0, identity: 0 };
  const gradient = gradientOf(ssd, params, at);
  expectNonZero(gradient);
  expectClose(gradient, gradientOf(csd, { wa: 7.5, wb: 7.5 }, at));
  expect(gradientOf(ssd, params, { ...at, zSource: randomLatent(createRng("other")) })).toEqual(gradient);
});

test("U17: eq. 5, Ts + s·(Ty − Ts) − S0, is eq. 6 with w_p = s and w_t = 1", () => {
  const s = 6;
  const [Ty, Ts, S0] = [
    predict("target/target", at),
    predict("target/source", at),
    predict("source/null", at),
  ];
  const equation5 = linearCombination([
    [1, Ts],
    [
      s,
      linearCombination([
        [1, Ty],
        [-1, Ts],
      ]),
    ],
    [-1, S0],
  ]);
  expectClose(gradientOf(ssd, { wp: s, wt: 1, we: 0, identity: 0 }, at), equation5);
});

test("U18: the official preset expands to (9.25, −2.75, −5.5, −1)", () => {
  const t = 981;
  const { difference, ...slots } = sumTerms(ssd.coefficients(OFFICIAL, t, at.schedule));
  expect(slots).toEqual({
    "target/target": 9.25,
    "target/source": -2.75,
    "target/null": -5.5,
    "source/null": -1,
  });
  expect(difference).toBeCloseTo(0.075 * Math.exp(0.98) * Math.sqrt(alphaBar(at.schedule, t)), 12);
});

describe("U19: at z = ẑ", () => {
  const start = situation({ zSource: at.z });
  const terms = termsOf({ wp: 7.5, wt: 2, we: 5.5, identity: 0.075 }, start);

  test("the identity term is 0", () => {
    expectZero(terms.identity!, 0);
    expectNonZero(termsOf({ identity: 0.075 }).identity!);
  });

  test("the cross-trajectory term is w_t·(ε(ẑ_t, ŷ) − ε(ẑ_t, ∅))", () => {
    const expected = linearCombination([
      [2, predict("source/source", start)],
      [-2, predict("source/null", start)],
    ]);
    expectNonZero(expected);
    expectClose(terms["cross-trajectory"]!, expected);
  });
});

test("U20: with z = ẑ and y = ŷ = ∅ the gradient is 0", () => {
  const empty = situation({ zSource: at.z, prompts: { ...at.prompts, target: "", source: "" } });
  expectZero(gradientOf(ssd, OFFICIAL, empty));
  expectNonZero(gradientOf(ssd, OFFICIAL, at));
});

test("U21: with w_p = w_t the gradient does not depend on ε(z_t, ŷ)", () => {
  const params = { wp: 4, wt: 4, we: 1, identity: 0.075 };
  expect(ssd.uses(params, at.t, at.schedule)).toEqual(["target/target", "target/null", "source/null"]);
  const gradient = gradientOf(ssd, params, at);
  const explicit: Summand<Float64Array>[] = [
    [5, predict("target/target", at)],
    [-1, predict("target/null", at)],
    [-4, predict("source/null", at)],
    [0.075 * Math.exp((at.t - 1) / 1000), addNoise(at.schedule, at.z, at.noise, at.t)],
    [-0.075 * Math.exp((at.t - 1) / 1000), addNoise(at.schedule, at.zSource, at.noise, at.t)],
  ];
  expectClose(gradient, linearCombination(explicit));
  expect(distill(ssd, params, at).terms.map(({ name }) => name)).toEqual([
    "cross-prompt + cross-trajectory",
    "prompt-enhance",
    "identity",
  ]);
});

test("U22: with y = ŷ the cross-prompt term is 0", () => {
  const same = situation({ prompts: { ...at.prompts, source: at.prompts.target } });
  expectZero(termsOf({ wp: 7.5, wt: 2 }, same)["cross-prompt"]!);
  expectNonZero(termsOf({ wp: 7.5, wt: 2 })["cross-prompt"]!);
});

test("the evaluations follow the weights", () => {
  const uses = (params: Record<string, number>) => ssd.uses(params, 400, at.schedule);
  expect(uses({ wp: 7.5, wt: 2, we: 5.5 })).toHaveLength(4);
  expect(uses({ wp: 7.5, wt: 6, we: 0 })).toEqual(["target/target", "target/source", "source/null"]);
  expect(uses({ wp: 7.5, wt: 0, we: 0 })).toEqual(["target/target", "target/source"]);
});

test("a term without weight is left out", () => {
  expect(Object.keys(termsOf({ wp: 7.5, wt: 6, we: 0, identity: 0 }))).toEqual([
    "cross-prompt",
    "cross-trajectory",
  ]);
});

test.each([
  [0, 0.0152],
  [375, 0.0386],
  [750, 0.0648],
  [1125, 0.0788],
  [1499, 0.0758],
] as const)("the official run's pull to the source latent at step %i is %f", (step, pull) => {
  const { timesteps, steps, params } = presets.get("ssd-official");
  const sampler = timestepSamplers.get(timesteps.sampler);
  const t = sampleTimestep(sampler, at.schedule, { step, steps }, timesteps, createRng(0));
  const { difference } = sumTerms(ssd.coefficients(params, t, at.schedule));
  expect(Math.abs(difference! - pull)).toBeLessThan(0.51e-4);
  const away = {
    ...at,
    t,
    z: linearCombination<Float64Array>([
      [1, at.z],
      [1, at.zSource],
    ]),
  };
  expect(norm(termsOf({ identity: 0.075 }, away).identity!) / norm(at.z)).toBeCloseTo(difference!, 10);
});
