/** Images between our GPU buffers and a network's inputs and outputs, wherever it computes. */
import { assert } from "../../core/assert.ts";
import { writeBuffer } from "../../gpu/buffers.ts";
import type { BufferPool } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { GpuImage } from "../../gpu/image.ts";
import { readFloats } from "../../gpu/readback.ts";
import { CommandRecorder } from "../../gpu/recorder.ts";
import type { Feed, Outputs, Provider } from "../session.ts";
import { recordAffine } from "./affine.ts";

/** What becomes of every value. */
export interface Affine {
  readonly scale: number;
  readonly offset: number;
}

export interface ImageIo {
  /** scale·image + offset as a batch of one, [1, C, H, W]. Valid until the next call with the same name. */
  feed(name: string, image: GpuImage, affine: Affine): Promise<Feed>;
  /** scale·value + offset for each row of an output [N, C, H, W] by its name. Valid until the next call with the same name. */
  take(name: string, outputs: Outputs, value: string, affine: Affine): readonly GpuImage[];
}

export const createImageIo = (provider: Provider, gpu: Gpu, buffers: BufferPool): ImageIo =>
  provider === "webgpu" ? onGpu(gpu, buffers) : throughCpu(gpu, buffers);

function onGpu(gpu: Gpu, buffers: BufferPool): ImageIo {
  return {
    async feed(name, image, affine) {
      const count = sizeOf(image);
      const to = buffers.ensure(`feed ${name}`, 4 * count);
      const recorder = new CommandRecorder(gpu, `feed ${name}`);
      recordAffine(recorder, { ...affine, from: image.buffer, to, count });
      recorder.submit();
      return { buffer: to, dims: [1, image.channels, image.height, image.width] };
    },
    take(name, outputs, value, affine) {
      const output = outputs.gpu[value];
      assert(output, `output ${value} did not stay on the GPU`);
      const recorder = new CommandRecorder(gpu, `take ${name}`);
      const images = rowsOf(name, output.dims, buffers);
      images.forEach((image, row) => {
        const count = sizeOf(image);
        recordAffine(recorder, {
          ...affine,
          from: output.buffer,
          first: row * count,
          to: image.buffer,
          count,
        });
      });
      recorder.submit();
      output.dispose();
      return images;
    },
  };
}

function throughCpu(gpu: Gpu, buffers: BufferPool): ImageIo {
  return {
    async feed(_name, image, { scale, offset }) {
      const data = await readFloats(gpu, image.buffer, sizeOf(image));
      return {
        data: data.map((value) => scale * value + offset),
        dims: [1, image.channels, image.height, image.width],
      };
    },
    take(name, outputs, value, { scale, offset }) {
      const { data, dims } = outputs.cpu[value]!;
      const images = rowsOf(name, dims, buffers);
      images.forEach((image, row) => {
        const count = sizeOf(image);
        const values = data.subarray(row * count, (row + 1) * count).map((value) => scale * value + offset);
        writeBuffer(gpu, image.buffer, values);
      });
      return images;
    },
  };
}

const sizeOf = ({ channels, height, width }: GpuImage): number => channels * height * width;

function rowsOf(name: string, dims: readonly number[], buffers: BufferPool): readonly GpuImage[] {
  const [rows, channels, height, width] = dims as [number, number, number, number];
  return Array.from({ length: rows }, (_, row) => ({
    buffer: buffers.ensure(`${name} ${row}`, 4 * channels * height * width),
    channels,
    height,
    width,
  }));
}
