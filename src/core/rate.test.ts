import { expect, test } from "vitest";
import { createRate } from "./rate.ts";

test("a steady rate is reported as it is", () => {
  const rate = createRate();
  for (let i = 0; i < 20; i++) rate.tick(i * 500);
  expect(rate.perSecond()).toBeCloseTo(2, 6);
});

test("a slower machine is noticed within the memory", () => {
  const rate = createRate(5);
  for (let i = 0; i < 20; i++) rate.tick(i * 100);
  for (let i = 1; i <= 20; i++) rate.tick(1900 + i * 1000);
  expect(rate.perSecond()).toBeCloseTo(1, 1);
});

test("a pause is not slowness", () => {
  const rate = createRate();
  rate.tick(0);
  rate.tick(100);
  rate.skip();
  rate.tick(60_000);
  rate.tick(60_100);
  expect(rate.perSecond()).toBeCloseTo(10, 6);
});
