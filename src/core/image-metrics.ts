/** Measures of images [3, H, W] in [0, 1], channel-major, over the pixels where a mask [H, W] is not zero. */
import { assertShape } from "./assert.ts";

export type PixelMask = ArrayLike<number>; // [H, W]

/** Peak signal-to-noise ratio in dB; Infinity for equal images. Throws where the mask is empty. */
export function psnr(a: Float32Array, b: Float32Array, mask?: PixelMask): number {
  assertShape("psnr", b, [a.length]);
  let sum = 0;
  let count = 0;
  forEachPixel(a.length / 3, mask, (pixel, pixels) => {
    for (let channel = 0; channel < 3; channel++) {
      sum += (a[channel * pixels + pixel]! - b[channel * pixels + pixel]!) ** 2;
    }
    count += 3;
  });
  return -10 * Math.log10(sum / count);
}

/** Mean of each channel. */
export function meanColor(image: Float32Array, mask?: PixelMask): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  forEachPixel(image.length / 3, mask, (pixel, pixels) => {
    for (let channel = 0; channel < 3; channel++) sum[channel]! += image[channel * pixels + pixel]!;
    count++;
  });
  return sum.map((value) => value / count) as [number, number, number];
}

/** The mask grown by `radius` pixels in every direction (a square). */
export function dilate(mask: PixelMask, width: number, height: number, radius: number): Uint8Array {
  const grown = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!mask[y * width + x]) continue;
      for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++) {
        grown.fill(
          1,
          row * width + Math.max(0, x - radius),
          row * width + Math.min(width - 1, x + radius) + 1,
        );
      }
    }
  }
  return grown;
}

export const invertMask = (mask: PixelMask): Uint8Array => Uint8Array.from(mask, (value) => (value ? 0 : 1));

function forEachPixel(
  pixels: number,
  mask: PixelMask | undefined,
  visit: (pixel: number, pixels: number) => void,
): void {
  let visited = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (mask && !mask[pixel]) continue;
    visit(pixel, pixels);
    visited++;
  }
  if (visited === 0) throw new Error("image metrics: the mask covers no pixel");
}
