import type { Image } from "../../cli/object-views.ts";
import { decibels, meanSquareError, ssim } from "../../core/image-metrics.ts";

/** How far the same views of two scenes differ over some of their pixels. */
export interface PixelChange {
  /** Decibels, at most `MOST_DECIBELS`. */
  readonly psnr: number;
  readonly ssim: number;
}

/** Less than one part in a thousand of a channel's range: no screen shows it, and equal pictures have a number too. */
export const MOST_DECIBELS = 60;

/** Over all views' pixels at once, so that views that show little count little. Undefined where none counts. */
export function pixelChange(
  before: readonly Image[],
  after: readonly Image[],
  masks: readonly Uint8Array[],
  size: number,
): PixelChange | undefined {
  let [pixels, squares, likeness] = [0, 0, 0];
  masks.forEach((mask, i) => {
    const count = mask.reduce((sum, value) => sum + value, 0);
    if (count === 0) return;
    pixels += count;
    squares += count * meanSquareError(before[i]!, after[i]!, mask);
    likeness += count * ssim(before[i]!, after[i]!, size, size, mask);
  });
  if (pixels === 0) return undefined;
  return { psnr: Math.min(MOST_DECIBELS, decibels(squares / pixels)), ssim: likeness / pixels };
}
