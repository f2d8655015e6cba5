import { expect, it } from "vitest";
import { l1Loss, psnr } from "./loss.ts";

const picture = Uint8Array.from({ length: 12 }, (_, i) => 20 * i); // 2 × 2 pixels, interleaved
/** The picture as planes, plus an offset in every channel. */
const rendered = (offset: number): Float32Array =>
  Float32Array.from({ length: 12 }, (_, i) => picture[3 * (i % 4) + Math.floor(i / 4)]! / 255 + offset);

it("is zero for the picture itself, and the offset otherwise", () => {
  expect(l1Loss(rendered(0), picture).value).toBeCloseTo(0, 6);
  expect(l1Loss(rendered(0.25), picture).value).toBeCloseTo(0.25, 6);
  expect(psnr(rendered(0), picture)).toBeGreaterThan(100);
  expect(psnr(rendered(0.1), picture)).toBeCloseTo(20, 3);
});

it("has the gradient that finite differences find", () => {
  const image = rendered(0).map((value, i) => value + (i % 2 ? 0.1 : -0.2));
  const { gradient } = l1Loss(image, picture);
  for (let i = 0; i < 12; i++) {
    const nudged = (by: number) => l1Loss(image.with(i, image[i]! + by), picture).value;
    expect((nudged(0.01) - nudged(-0.01)) / 0.02).toBeCloseTo(gradient[i]!, 4);
  }
});
