import { expect, test } from "vitest";
import { roundStep } from "./round-step.ts";

test.each([
  [1, 1],
  [0.034, 0.02],
  [0.0999, 0.05],
  [0.1, 0.1],
  [730, 500],
  [3e-7, 2e-7],
])("the round step for %f is %f", (length, step) => {
  expect(roundStep(length)).toBeCloseTo(step, 12);
});
