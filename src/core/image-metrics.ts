/** Measures of images [3, H, W] in [0, 1], channel-major, over the pixels where a mask [H, W] is not zero. */
import { assertShape } from "./assert.ts";

export type PixelMask = ArrayLike<number>; // [H, W]

/** Peak signal-to-noise ratio in dB; Infinity for equal images. Throws where the mask is empty. */
export const psnr = (a: Float32Array, b: Float32Array, mask?: PixelMask): number =>
  decibels(meanSquareError(a, b, mask));

/** PSNR of a mean square error of values in [0, 1]. */
export const decibels = (meanSquareError: number): number => -10 * Math.log10(meanSquareError);

/** Mean square error over pixels and channels; what PSNR is the logarithm of. Throws where the mask is empty. */
export function meanSquareError(a: Float32Array, b: Float32Array, mask?: PixelMask): number {
  assertShape("mean square error", b, [a.length]);
  let sum = 0;
  let count = 0;
  forEachPixel(a.length / 3, mask, (pixel, pixels) => {
    for (let channel = 0; channel < 3; channel++) {
      sum += (a[channel * pixels + pixel]! - b[channel * pixels + pixel]!) ** 2;
    }
    count += 3;
  });
  return sum / count;
}

/** Radius and standard deviation, in pixels, of the window that SSIM looks through, and what keeps it from 0 / 0. */
const SSIM = { radius: 5, sigma: 1.5, c1: 0.01 ** 2, c2: 0.03 ** 2 } as const;

/**
 * Structural similarity (Wang et al. 2004), 1 for equal images: each channel's, through a Gaussian window of 11 × 11
 * pixels that ends at the picture's border, averaged over the mask's pixels. Throws where the mask is empty.
 */
export function ssim(
  a: Float32Array,
  b: Float32Array,
  width: number,
  height: number,
  mask?: PixelMask,
): number {
  assertShape("ssim", a, [3, height, width]);
  assertShape("ssim", b, [3, height, width]);
  const blurred = (values: Float32Array): Float32Array => gaussianBlur(values, width, height);
  const product = (x: Float32Array, y: Float32Array): Float32Array => x.map((value, i) => value * y[i]!);
  const [meanA, meanB] = [blurred(a), blurred(b)];
  const [squareA, squareB, both] = [blurred(product(a, a)), blurred(product(b, b)), blurred(product(a, b))];
  let sum = 0;
  let count = 0;
  forEachPixel(width * height, mask, (pixel, pixels) => {
    for (let at = pixel; at < 3 * pixels; at += pixels) {
      const [x, y] = [meanA[at]!, meanB[at]!];
      const variances = squareA[at]! - x * x + squareB[at]! - y * y;
      const covariance = both[at]! - x * y;
      sum +=
        ((2 * x * y + SSIM.c1) * (2 * covariance + SSIM.c2)) /
        ((x * x + y * y + SSIM.c1) * (variances + SSIM.c2));
    }
    count += 3;
  });
  return sum / count;
}

const WINDOW = Float64Array.from({ length: 2 * SSIM.radius + 1 }, (_, i) =>
  Math.exp(-((i - SSIM.radius) ** 2) / (2 * SSIM.sigma ** 2)),
);

/** Every channel's weighted mean around each pixel: along the rows, then along the columns. */
function gaussianBlur(planes: Float32Array, width: number, height: number): Float32Array {
  const along = (values: Float32Array, stride: number, length: number): Float32Array =>
    values.map((_, i) => {
      const place = Math.floor(i / stride) % length;
      let [sum, weights] = [0, 0];
      for (let k = Math.max(-place, -SSIM.radius); k <= Math.min(length - 1 - place, SSIM.radius); k++) {
        const weight = WINDOW[k + SSIM.radius]!;
        sum += weight * values[i + k * stride]!;
        weights += weight;
      }
      return sum / weights;
    });
  return along(along(planes, 1, width), width, height);
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
