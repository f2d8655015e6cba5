import { expect, test } from "vitest";
import { dilate, invertMask, meanColor, psnr } from "./image-metrics.ts";

test("psnr of a uniform error of 0.1 is 20 dB, of equal images infinite", () => {
  const a = new Float32Array(12).fill(0.5);
  const b = new Float32Array(12).fill(0.6);
  expect(psnr(a, b)).toBeCloseTo(20, 4);
  expect(psnr(a, a)).toBe(Infinity);
});

test("only masked pixels count", () => {
  const a = Float32Array.of(0, 1, 0, 1, 0, 1); // two pixels, black and white
  const b = Float32Array.of(0.9, 1, 0.9, 1, 0.9, 1);
  expect(psnr(a, b, [0, 1])).toBe(Infinity);
  expect(meanColor(a, [0, 1])).toEqual([1, 1, 1]);
  expect(() => psnr(a, b, [0, 0])).toThrow("covers no pixel");
});

test("dilation grows a point to a square and stops at the border", () => {
  const mask = new Uint8Array(5 * 4);
  mask[1 * 5 + 0] = 1;
  expect([...dilate(mask, 5, 4, 1)]).toEqual([1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect([...invertMask([1, 0])]).toEqual([0, 1]);
});
