import { expect, test } from "vitest";
import { gradientPicture, imagePicture } from "./pictures.ts";

test("an image becomes interleaved bytes, clamped to what a screen shows", () => {
  const image = Float32Array.of(0, 1, /* green */ 0.5, 2, /* blue */ -1, 0.2);
  expect([...imagePicture(image, 2, 1).data]).toEqual([0, 128, 0, 255, 255, 255, 51, 255]);
});

test("a gradient picture is grey at zero and bright where descent raises the channel", () => {
  const vImage = new Float32Array(3 * 4);
  vImage[0] = -2; // red of the first pixel: descent raises it
  vImage[5] = 2; // green of the second: descent lowers it
  const { data } = gradientPicture(vImage, 2, 2);
  expect([...data.slice(0, 8)]).toEqual([255, 128, 128, 255, 128, 0, 128, 255]);
});

test("a gradient of zeros is plain grey", () => {
  expect([...gradientPicture(new Float32Array(3), 1, 1).data]).toEqual([128, 128, 128, 255]);
});
