import { expect, test } from "vitest";
import { halfToNumber as fromHalf, numberToHalf as toHalf } from "./float16.ts";

test("every finite half survives the way there and back", () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = fromHalf(half);
    if (Number.isNaN(value)) continue;
    expect(toHalf(value)).toBe(half);
  }
});

test("values between halves go to the nearest, ties to even", () => {
  for (let half = 0; half < 0x7bff; half++) {
    const [low, high] = [fromHalf(half), fromHalf(half + 1)];
    const step = high - low;
    expect(toHalf(low + step * 0.499)).toBe(half);
    expect(toHalf(low + step * 0.501)).toBe(half + 1);
    expect(toHalf(low + step / 2)).toBe(half % 2 === 0 ? half : half + 1);
  }
});

test("too large is infinity, NaN stays NaN", () => {
  expect(fromHalf(toHalf(65519))).toBe(65504);
  expect(fromHalf(toHalf(65520))).toBe(Infinity);
  expect(fromHalf(toHalf(-1e9))).toBe(-Infinity);
  expect(fromHalf(toHalf(NaN))).toBeNaN();
});
