import { describe, expect, test } from "vitest";
import { decibels, dilate, invertMask, meanColor, meanSquareError, psnr, ssim } from "./image-metrics.ts";
import { createRng } from "./rng.ts";

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

test("mean square errors add up over images where decibels do not", () => {
  const a = new Float32Array(12);
  expect(meanSquareError(a, new Float32Array(12).fill(0.2))).toBeCloseTo(0.04);
  expect(decibels(0.01)).toBeCloseTo(20);
});

describe("ssim", () => {
  const [width, height] = [24, 16];
  const rng = createRng("ssim");
  const noise = Float32Array.from({ length: 3 * width * height }, () => rng.uniform());

  test("is 1 for equal images, and sees contrast lost and structure turned", () => {
    expect(ssim(noise, noise, width, height)).toBeCloseTo(1, 5);
    const faint = noise.map((value) => 0.5 + 0.5 * (value - 0.5));
    const negative = noise.map((value) => 1 - value);
    expect(ssim(noise, faint, width, height)).toBeLessThan(0.9);
    expect(ssim(noise, negative, width, height)).toBeLessThan(0);
  });

  test("of two plain images depends on their means alone", () => {
    const plain = (value: number) => new Float32Array(3 * width * height).fill(value);
    const [x, y] = [0.4, 0.6];
    const expected = (2 * x * y + 0.0001) / (x * x + y * y + 0.0001);
    expect(ssim(plain(x), plain(y), width, height)).toBeCloseTo(expected, 4);
  });

  test("reaches no further than its window: what lies beyond plays no part", () => {
    const changed = noise.slice();
    for (let y = 0; y < height; y++) for (let x = 0; x < 8; x++) changed[y * width + x] = 1;
    const columns = (from: number) =>
      Uint8Array.from({ length: width * height }, (_, i) => (i % width >= from ? 1 : 0));
    expect(ssim(noise, changed, width, height, columns(13))).toBeCloseTo(1, 5);
    expect(ssim(noise, changed, width, height, columns(12))).toBeLessThan(0.99999);
    expect(() => ssim(noise, noise, width, height, columns(width))).toThrow("covers no pixel");
  });
});

test("dilation grows a point to a square and stops at the border", () => {
  const mask = new Uint8Array(5 * 4);
  mask[1 * 5 + 0] = 1;
  expect([...dilate(mask, 5, 4, 1)]).toEqual([1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect([...invertMask([1, 0])]).toEqual([0, 1]);
});
