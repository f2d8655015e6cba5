import { expect, test } from "vitest";
import { learningRates } from "./learning-rates.ts";

const ONE = { means: 1, quaternions: 1, logScales: 1, opacityLogits: 1, sh: 1 };

test("positions fall log-linearly from 1.6e-4 to 1.6e-5 extents", () => {
  expect(learningRates(ONE, 0, 2).means).toBeCloseTo(3.2e-4, 12);
  expect(learningRates(ONE, 0.5, 2).means).toBeCloseTo(2 * 1.6e-4 * Math.sqrt(0.1), 12);
  expect(learningRates(ONE, 1, 2).means).toBeCloseTo(3.2e-5, 12);
});

test("the official scalers give the rates of SSD's 3D runs", () => {
  const rates = learningRates({ ...ONE, opacityLogits: 0.8, sh: 0.8 }, 0, 1);
  expect(rates.sh.dc).toBeCloseTo(0.01, 12);
  expect(rates.sh.rest).toBeCloseTo(5e-4, 12);
  expect(rates.opacityLogits).toBeCloseTo(0.04, 12);
  expect(rates.logScales).toBeCloseTo(0.005, 12);
  expect(rates.quaternions).toBeCloseTo(0.001, 12);
});

test("a factor of 0 holds an attribute still", () => {
  const rates = learningRates({ ...ONE, means: 0, sh: 0 }, 0.3, 5);
  expect(rates.means).toBe(0);
  expect(rates.sh).toEqual({ dc: 0, rest: 0 });
});
