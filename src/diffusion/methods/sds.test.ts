import { expect, test } from "vitest";
import { guide } from "../guidance.ts";
import { linearCombination } from "../linear-combination.ts";
import { alphaBar } from "../schedule.ts";
import { gradientOf, predict, situation } from "../testing/distill.ts";
import { expectClose } from "../testing/expect-close.ts";
import { sds } from "./sds.ts";

const at = situation();

test("SDS is w(t)·(ε^s(z_t, y) − ε)", () => {
  const guided = guide(predict("target/null", at), predict("target/target", at), 30);
  const weight = 1 - alphaBar(at.schedule, at.t);
  const expected = linearCombination([
    [weight, guided],
    [-weight, at.noise],
  ]);
  expectClose(gradientOf(sds, { scale: 30 }, at), expected);
});

test("its source plays no part, and scale 0 or 1 needs one evaluation", () => {
  const moved = situation({ zSource: at.noise, prompts: { ...at.prompts, source: "something else" } });
  expect(gradientOf(sds, {}, moved)).toEqual(gradientOf(sds, {}, at));
  expect(sds.uses({ scale: 0 }, at.t, at.schedule)).toEqual(["target/null"]);
  expect(sds.uses({ scale: 1 }, at.t, at.schedule)).toEqual(["target/target"]);
});
