/** Values from the GPU to the host, outside of any recording. */
import type { Gpu } from "./device.ts";
import { CommandRecorder } from "./recorder.ts";

export interface ByteRange {
  readonly byteOffset?: number;
  readonly byteLength?: number;
}

/** The bytes of a buffer as of everything submitted so far; all of them unless said. */
export function readBytes(gpu: Gpu, buffer: GPUBuffer, range: ByteRange = {}): Promise<ArrayBuffer> {
  const recorder = new CommandRecorder(gpu, `read ${buffer.label}`);
  const bytes = recorder.read(buffer, range);
  recorder.submit();
  return bytes;
}

/** The first `count` floats; all of them unless said. */
export async function readFloats(gpu: Gpu, buffer: GPUBuffer, count?: number): Promise<Float32Array> {
  return new Float32Array(await readBytes(gpu, buffer, words(count)));
}

/** The first `count` integers; all of them unless said. */
export async function readUints(gpu: Gpu, buffer: GPUBuffer, count?: number): Promise<Uint32Array> {
  return new Uint32Array(await readBytes(gpu, buffer, words(count)));
}

const words = (count: number | undefined): ByteRange =>
  count === undefined ? {} : { byteLength: 4 * count };
