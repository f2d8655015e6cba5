import { expect, it } from "vitest";
import { median, quantile, summarize } from "./statistics.ts";

it("interpolates between order statistics, whatever order the values come in", () => {
  const values = [40, 10, 30, 20];
  expect(quantile(values, 0)).toBe(10);
  expect(quantile(values, 1)).toBe(40);
  expect(median(values)).toBe(25);
  expect(quantile(values, 0.1)).toBeCloseTo(13, 12);
  expect(values).toEqual([40, 10, 30, 20]);
});

it("sorts numbers as numbers", () => {
  expect(median([9, 100, 10])).toBe(10);
});

it("lets one outlier move the median nowhere", () => {
  const steady = Array.from({ length: 11 }, (_, i) => 5 + i / 10);
  const disturbed = steady.with(10, 1000);
  expect(summarize(disturbed)).toEqual({ median: 5.5, p10: expect.closeTo(5.1), p90: expect.closeTo(5.9) });
});

it("is the value itself for a single one, and refuses none", () => {
  expect(summarize([3])).toEqual({ median: 3, p10: 3, p90: 3 });
  expect(() => median([])).toThrow("no values");
});
