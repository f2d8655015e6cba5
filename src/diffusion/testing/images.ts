import { createRng } from "../../core/rng.ts";
import { tensor } from "../../core/tensor.ts";
import { uploadBuffer } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { GpuImage } from "../../gpu/image.ts";
import { readFloats } from "../../gpu/readback.ts";
import type { Latent } from "../codecs/codec.ts";

export type Pixels = Float32Array<ArrayBuffer>; // [3, H, W]

export const uploadImage = (gpu: Gpu, pixels: Pixels, height: number, width: number): GpuImage => ({
  buffer: uploadBuffer(gpu, "image", pixels),
  channels: pixels.length / (height * width),
  height,
  width,
});

export const downloadImage = (
  gpu: Gpu,
  { buffer, channels, height, width }: GpuImage,
): Promise<Float32Array> => readFloats(gpu, buffer, channels * height * width);

/** Soft waves in all three channels, well inside [0, 1]. */
export const waves = (height: number, width: number, phase = 0): Pixels =>
  Float32Array.from({ length: 3 * height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width) % height, i % width];
    return 0.5 + 0.3 * Math.sin(x / 9 + i / (height * width) + phase) * Math.cos(y / 7 - phase);
  });

export function normalLatent(seed: string, shape: readonly number[]): Latent {
  const rng = createRng(seed);
  return tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
    shape,
  );
}
