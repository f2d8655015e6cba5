import { expect, it } from "vitest";
import { l1Loss } from "./loss.ts";

const picture = Float32Array.from({ length: 12 }, (_, i) => i / 16);

it("is zero for the picture itself, and the offset otherwise", () => {
  expect(l1Loss(picture, picture).value).toBe(0);
  const brighter = picture.map((value) => value + 0.25);
  expect(l1Loss(brighter, picture).value).toBe(0.25);
  expect(() => l1Loss(picture, picture.subarray(1))).toThrow(/picture: got 11/);
});

it("has the gradient that finite differences find", () => {
  const image = picture.map((value, i) => value + (i % 2 ? 0.125 : -0.25));
  const { gradient } = l1Loss(image, picture);
  for (let i = 0; i < 12; i++) {
    const nudged = (by: number) => l1Loss(image.with(i, image[i]! + by), picture).value;
    expect((nudged(1 / 64) - nudged(-1 / 64)) * 32).toBeCloseTo(gradient[i]!, 6);
  }
});
