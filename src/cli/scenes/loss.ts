import { assertShape } from "../../core/assert.ts";
import { psnr as psnrOf } from "../../core/image-metrics.ts";

/**
 * Mean absolute difference of a rendering [3, H, W] from a picture [H, W, 3] of bytes, and its gradient on the
 * rendering.
 */
export function l1Loss(
  rendered: Float32Array,
  picture: Uint8Array,
): { readonly value: number; readonly gradient: Float32Array } {
  assertShape("picture", picture, [rendered.length]);
  const pixels = rendered.length / 3;
  const gradient = new Float32Array(rendered.length);
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const i = channel * pixels + pixel;
      const difference = rendered[i]! - picture[3 * pixel + channel]! / 255;
      sum += Math.abs(difference);
      gradient[i] = Math.sign(difference) / rendered.length;
    }
  }
  return { value: sum / rendered.length, gradient };
}

/** Peak signal-to-noise ratio in dB of a rendering [3, H, W], clamped to what a screen shows, against a picture. */
export function psnr(rendered: Float32Array, picture: Uint8Array): number {
  const shown = rendered.map((value) => Math.min(1, Math.max(0, value)));
  return psnrOf(shown, planes(picture));
}

/** Bytes [H, W, 3] as colours [3, H, W] in [0, 1]. */
function planes(picture: Uint8Array): Float32Array {
  const pixels = picture.length / 3;
  const planar = new Float32Array(picture.length);
  picture.forEach((byte, i) => {
    planar[(i % 3) * pixels + Math.floor(i / 3)] = byte / 255;
  });
  return planar;
}
