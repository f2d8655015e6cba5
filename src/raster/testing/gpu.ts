/** Carries reference data to the GPU and back. Tests only. */
import { uploadBuffer } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { GpuImage } from "../../gpu/image.ts";
import { readFloats } from "../../gpu/readback.ts";
import { ATTRIBUTES, attributeWidth, type Attribute } from "../../scene/attributes.ts";
import type { SplatBuffers } from "../../scene/splat-buffers.ts";
import type { ReferenceSplats } from "../project.reference.ts";
import type { ReferenceImages } from "../rasterize.reference.ts";
import type { RenderOutput } from "../types.ts";

export function uploadReference(gpu: Gpu, splats: ReferenceSplats<Float64Array>): SplatBuffers {
  const buffers = ATTRIBUTES.map((attribute) => [
    attribute,
    uploadBuffer(gpu, attribute, Float32Array.from(splats[attribute])),
  ]);
  return {
    count: splats.count,
    shDegree: splats.shDegree,
    ...(Object.fromEntries(buffers) as Record<Attribute, GPUBuffer>),
  };
}

export async function readSplats(
  gpu: Gpu,
  splats: SplatBuffers,
): Promise<{ [A in Attribute]: Float32Array }> {
  const arrays = await Promise.all(
    ATTRIBUTES.map(async (attribute) => {
      const length = splats.count * attributeWidth(attribute, splats.shDegree);
      return [attribute, length ? await readFloats(gpu, splats[attribute], length) : new Float32Array(0)];
    }),
  );
  return Object.fromEntries(arrays) as { [A in Attribute]: Float32Array };
}

export async function readImages(gpu: Gpu, out: RenderOutput): Promise<ReferenceImages<Float32Array>> {
  const read = ({ buffer, channels, height, width }: GpuImage): Promise<Float32Array> =>
    readFloats(gpu, buffer, channels * height * width);
  const [image, alpha, depth] = await Promise.all([read(out.image), read(out.alpha), read(out.depth)]);
  return { image, alpha, depth };
}

/** Cotangents of the three outputs as images on the GPU. */
export function uploadImages(
  gpu: Gpu,
  images: ReferenceImages<Float64Array>,
  { width, height }: { readonly width: number; readonly height: number },
): RenderOutput {
  const upload = (name: keyof typeof images, channels: number): GpuImage => ({
    buffer: uploadBuffer(gpu, `v_${name}`, Float32Array.from(images[name])),
    ...{ channels, height, width },
  });
  return { image: upload("image", 3), alpha: upload("alpha", 1), depth: upload("depth", 1) };
}

/** Fills a buffer with a NaN that stands out: whoever reads before writing shows. */
export function poison(gpu: Gpu, buffer: GPUBuffer): void {
  gpu.device.queue.writeBuffer(buffer, 0, new Uint32Array(buffer.size / 4).fill(0x7fc0dead));
}
