import { expect, test } from "vitest";
import { linearCombination } from "../linear-combination.ts";
import { alphaBar } from "../schedule.ts";
import { gradientOf, predict, situation } from "../testing/distill.ts";
import { expectClose, expectNonZero, expectZero } from "../testing/expect-close.ts";
import { csd } from "./csd.ts";
import { sds } from "./sds.ts";

const at = situation();
const GENERATING = { wa: 1, wb: 0, wn: 0, weighting: "variance" };

test("U10: with y = ∅ the CSD gradient is 0", () => {
  expectNonZero(gradientOf(csd, GENERATING, at));
  expectZero(gradientOf(csd, GENERATING, situation({ prompts: { ...at.prompts, target: "" } })));
});

test("U10: SDS(s)/s tends to CSD as s grows", () => {
  const limit = gradientOf(csd, GENERATING, at);
  // SDS is affine in s, so its slope is the limit, and the distance to it falls as 1/s.
  const low = gradientOf(sds, { scale: 10 }, at);
  const high = gradientOf(sds, { scale: 200 }, at);
  const slope = linearCombination([
    [1 / 190, high],
    [-1 / 190, low],
  ]);
  expectNonZero(limit);
  expectClose(slope, limit);
  const rest = (gradient: typeof low, scale: number) =>
    linearCombination([
      [1, gradient],
      [-scale, limit],
    ]);
  expectNonZero(rest(low, 10));
  expectClose(rest(high, 200), rest(low, 10), 1e-11);
});

test("the editing form is w_a·(Ty − T0) − w_b·(Ts − T0), without w(t)", () => {
  const expected = linearCombination([
    [5, predict("target/target", at)],
    [-2, predict("target/source", at)],
    [-3, predict("target/null", at)],
  ]);
  expectClose(gradientOf(csd, { wa: 5, wb: 2 }, at), expected);
});

test("the negative form is Ty + (ω_n − 1)·T0 − ω_n·Tn, times 1 − ᾱ", () => {
  const weight = 1 - alphaBar(at.schedule, at.t);
  const expected = linearCombination([
    [weight, predict("target/target", at)],
    [-0.5 * weight, predict("target/null", at)],
    [-0.5 * weight, predict("target/negative", at)],
  ]);
  expectClose(gradientOf(csd, { wa: 1, wb: 0, wn: 0.5, weighting: "variance" }, at), expected);
});

test("equal editing weights need two evaluations and leave one term", () => {
  expect(csd.uses({ wa: 7.5, wb: 7.5 }, at.t, at.schedule)).toEqual(["target/target", "target/source"]);
});
