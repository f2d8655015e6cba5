import { expect, it } from "vitest";
import { halfToNumber, numberToHalf } from "./float16.ts";

it("every half float becomes a number and the same half float again", () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = halfToNumber(bits);
    if (Number.isNaN(value)) continue;
    expect(numberToHalf(value)).toBe(bits);
  }
});

it("rounds to nearest, ties to even, and overflows to infinity", () => {
  const rounded = (value: number): number => halfToNumber(numberToHalf(value));
  expect(rounded(1 + 2 ** -11)).toBe(1);
  expect(rounded(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
  expect(rounded(2 - 2 ** -12)).toBe(2);
  expect(rounded(0.1)).toBe(0.0999755859375);
  expect(rounded(65519)).toBe(65504);
  expect(rounded(65520)).toBe(Infinity);
  expect(rounded(-1e9)).toBe(-Infinity);
  expect(rounded(2 ** -25)).toBe(0);
  expect(rounded(1.5 * 2 ** -25)).toBe(2 ** -24);
  expect(rounded(NaN)).toBeNaN();
});
