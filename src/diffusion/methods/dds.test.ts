import { describe, expect, test } from "vitest";
import { linearCombination } from "../linear-combination.ts";
import { gradientOf, situation, type Situation } from "../testing/distill.ts";
import { expectClose, expectNonZero, expectZero, norm } from "../testing/expect-close.ts";
import { ddsStepLength, descend } from "../testing/latent-descent.ts";
import { dds } from "./dds.ts";
import { sds } from "./sds.ts";

const at = situation();

/** z, y and ẑ, ŷ exchanged. */
const swapped = (given: Situation): Situation => ({
  ...given,
  z: given.zSource,
  zSource: given.z,
  prompts: { ...given.prompts, target: given.prompts.source, source: given.prompts.target },
});

describe.each([0, 50, 948])("t = %i", (t) => {
  test.each([1, 7.5, 100])("U12: with y = ŷ and z = ẑ the gradient is 0, s = %f", (scale) => {
    const same = situation({ t, zSource: at.z, prompts: { ...at.prompts, source: at.prompts.target } });
    expectZero(gradientOf(dds, { scale }, same));
    expectNonZero(gradientOf(dds, { scale }, situation({ t })));
  });
});

test("U13: swapping (z, y) with (ẑ, ŷ) negates the gradient", () => {
  const gradient = gradientOf(dds, {}, at);
  expectNonZero(gradient);
  expectClose(gradientOf(dds, {}, swapped(at)), linearCombination([[-1, gradient]]));
});

test("U14: DDS = SDS(z, y) − SDS(ẑ, ŷ) with the same noise, timestep and weight", () => {
  const params = { scale: 7.5, weighting: "uniform" };
  const difference = linearCombination([
    [1, gradientOf(sds, params, at)],
    [-1, gradientOf(sds, params, swapped(at))],
  ]);
  expectClose(gradientOf(dds, { scale: 7.5 }, at), difference);
});

test("U15: one SGD step moves a 64 × 64 latent by 0.048828·g", () => {
  expect(ddsStepLength([4, 64, 64])).toBeCloseTo(0.048828, 6);
  const gradient = gradientOf(dds, {}, at);
  const moved = descend(at.z, gradient, ddsStepLength([4, 64, 64]));
  const distance = norm(
    linearCombination([
      [1, moved],
      [-1, at.z],
    ]),
  );
  expect(distance / norm(gradient)).toBeCloseTo(0.048828125, 12);
});

test("four evaluations, two without guidance", () => {
  expect(dds.uses({ scale: 7.5 }, 400, at.schedule)).toHaveLength(4);
  expect(dds.uses({ scale: 1 }, 400, at.schedule)).toEqual(["target/target", "source/source"]);
});
