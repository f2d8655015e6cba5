import { expect, test } from "vitest";
import { guide, guidanceWeights } from "./guidance.ts";
import { linearCombination } from "./linear-combination.ts";
import { expectClose } from "./testing/expect-close.ts";
import { predict, situation } from "./testing/distill.ts";

const at = situation();
const conditional = predict("target/target", at);
const unconditional = predict("target/null", at);

test("U5: guidance at scale 0 is ε_∅, at scale 1 it is ε_y", () => {
  expectClose(guide(unconditional, conditional, 0), unconditional, 0);
  expectClose(guide(unconditional, conditional, 1), conditional, 0);
});

test("guidance moves from ε_∅ along ε_y − ε_∅", () => {
  const moved = linearCombination([
    [1, unconditional],
    [
      7.5,
      linearCombination([
        [1, conditional],
        [-1, unconditional],
      ]),
    ],
  ]);
  expectClose(guide(unconditional, conditional, 7.5), moved);
});

test("its weights add up to 1", () => {
  const weights = guidanceWeights(100);
  expect(weights.conditional + weights.unconditional).toBe(1);
});
