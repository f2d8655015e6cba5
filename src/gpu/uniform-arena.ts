import type { Gpu } from "./device.ts";
import { assert } from "../core/assert.ts";

const CHUNK_BYTES = 32768;

/**
 * Buffers come back as soon as their recording is submitted: the queue runs writes and submissions in order, so the
 * next write happens after the commands that read the last one.
 */
const spare = new WeakMap<GPUDevice, GPUBuffer[]>();

interface Chunk {
  readonly buffer: GPUBuffer;
  readonly bytes: Uint8Array<ArrayBuffer>;
  used: number;
}

/** Where the uniform values of one recording lie until it is submitted. */
export class UniformArena {
  readonly #gpu: Gpu;
  readonly #chunks: Chunk[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  add(values: ArrayBuffer): GPUBufferBinding {
    const size = values.byteLength;
    assert(size <= CHUNK_BYTES, `a uniform of ${size} bytes; at most ${CHUNK_BYTES}`);
    let chunk = this.#chunks.at(-1);
    if (!chunk || chunk.used + size > CHUNK_BYTES) this.#chunks.push((chunk = this.#newChunk()));
    const offset = chunk.used;
    chunk.bytes.set(new Uint8Array(values), offset);
    const alignment = this.#gpu.limits.minUniformBufferOffsetAlignment;
    chunk.used = Math.ceil((offset + size) / alignment) * alignment;
    return { buffer: chunk.buffer, offset, size };
  }

  /** Sends the values off; to be called just before the commands are submitted. */
  flush(): void {
    const { device } = this.#gpu;
    for (const { buffer, bytes, used } of this.#chunks) {
      device.queue.writeBuffer(buffer, 0, bytes, 0, Math.min(used, CHUNK_BYTES));
      spare.get(device)!.push(buffer);
    }
    this.#chunks.length = 0;
  }

  #newChunk(): Chunk {
    const { device } = this.#gpu;
    let free = spare.get(device);
    if (!free) spare.set(device, (free = []));
    const { UNIFORM, COPY_DST } = GPUBufferUsage;
    const buffer =
      free.pop() ?? device.createBuffer({ label: "uniforms", size: CHUNK_BYTES, usage: UNIFORM | COPY_DST });
    return { buffer, bytes: new Uint8Array(CHUNK_BYTES), used: 0 };
  }
}
