import { expect, it } from "vitest";
import { shareOf, valueAt } from "./histogram-axis.ts";

it.each([
  { min: -2, max: 6, log: false },
  { min: 0.01, max: 100, log: true },
])("goes there and back on %o", (axis) => {
  for (const share of [0, 0.25, 0.7, 1]) expect(shareOf(axis, valueAt(axis, share))).toBeCloseTo(share, 9);
  expect(valueAt(axis, 0)).toBeCloseTo(axis.min);
  expect(valueAt(axis, 1)).toBeCloseTo(axis.max);
});

it("is logarithmic in the middle, and keeps to its ends", () => {
  expect(valueAt({ min: 0.01, max: 100, log: true }, 0.5)).toBeCloseTo(1);
  expect(valueAt({ min: 0, max: 1, log: false }, 3)).toBe(1);
  expect(shareOf({ min: 5, max: 5, log: false }, 5)).toBe(0);
});
