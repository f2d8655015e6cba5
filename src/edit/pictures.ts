import { assertShape } from "../core/assert.ts";

/** An 8-bit picture, row after row from the top, four bytes a pixel: what a canvas and a PNG file take. */
export interface RgbaPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray; // [height, width, 4]
}

/** A rendered image [3, H, W] in [0, 1] as a picture. */
export function imagePicture(image: Float32Array, width: number, height: number): RgbaPicture {
  return picture(image, width, height, (value) => 255 * value);
}

/**
 * A render [3, H, W] over black and its coverage [1, H, W], as a picture that lets through what lies behind it: colours
 * as they are without the black, and coverage as alpha.
 */
export function cutoutPicture(
  image: Float32Array,
  coverage: Float32Array,
  width: number,
  height: number,
): RgbaPicture {
  assertShape("coverage", coverage, [1, height, width]);
  const pixels = width * height;
  const cutout = picture(image, width, height, (value) => value);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const alpha = Math.min(1, coverage[pixel]!);
    for (let channel = 0; channel < 3; channel++) {
      cutout.data[4 * pixel + channel] = (255 * image[channel * pixels + pixel]!) / Math.max(alpha, 1 / 255);
    }
    cutout.data[4 * pixel + 3] = 255 * alpha;
  }
  return cutout;
}

/**
 * A gradient on an image [3, H, W] as a picture of what the edit wants: grey is zero, a channel is brighter where
 * descent (−v) raises it. Full contrast is the 99th percentile of the magnitude, so that a few hot pixels do not
 * flatten the rest.
 */
export function gradientPicture(vImage: Float32Array, width: number, height: number): RgbaPicture {
  const scale = 127.5 / Math.max(percentileMagnitude(vImage, 0.99), 1e-30);
  return picture(vImage, width, height, (value) => 127.5 - scale * value);
}

function picture(
  planes: Float32Array,
  width: number,
  height: number,
  level: (value: number) => number,
): RgbaPicture {
  assertShape("picture", planes, [3, height, width]);
  const pixels = width * height;
  const data = new Uint8ClampedArray(4 * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      data[4 * pixel + channel] = level(planes[channel * pixels + pixel]!);
    }
    data[4 * pixel + 3] = 255;
  }
  return { width, height, data };
}

function percentileMagnitude(values: Float32Array, fraction: number): number {
  const magnitudes = values.map(Math.abs).sort();
  return magnitudes[Math.min(magnitudes.length - 1, Math.floor(fraction * magnitudes.length))] ?? 0;
}
