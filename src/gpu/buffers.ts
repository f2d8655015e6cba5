/** Storage buffers: made, filled and grown. */
import { UserError } from "../core/errors.ts";
import { GpuMemoryError, type Gpu } from "./device.ts";
import type { CommandRecorder } from "./recorder.ts";

/** What goes up to the GPU and comes back: 32-bit words. */
export type WordArray = Float32Array | Uint32Array | Int32Array;

/** ONNX Runtime binds buffers whole and needs multiples of 16 bytes; an empty scene still needs something to bind. */
const roundSize = (bytes: number): number => Math.max(16, Math.ceil(bytes / 16) * 16);

/** Bytes of the largest buffer that can be bound whole; limits themselves are often one short of a power of two. */
export const largestBuffer = ({
  maxBufferSize,
  maxStorageBufferBindingSize,
}: Pick<GPUSupportedLimits, "maxBufferSize" | "maxStorageBufferBindingSize">): number =>
  Math.floor(Math.min(maxBufferSize, maxStorageBufferBindingSize) / 16) * 16;

/** Settled once it is known of every buffer of a device so far whether there was room for it. */
const answers = new WeakMap<GPUDevice, Promise<void>>();

/**
 * Storage that can be copied from and to, zero-filled. Throws a UserError when one buffer cannot be that large. That
 * there is no room for it turns out later: then `onRefused` is called, and a GpuMemoryError goes to the listeners.
 */
export function createBuffer(
  gpu: Gpu,
  label: string,
  byteLength: number,
  extraUsage = 0,
  onRefused: (buffer: GPUBuffer) => void = () => {},
): GPUBuffer {
  const size = roundSize(byteLength);
  const largest = largestBuffer(gpu.limits);
  if (size > largest) {
    throw new UserError(
      `${label} needs ${megabytes(size)} in one piece, and this GPU takes at most ${megabytes(largest)}.`,
      "Use a smaller scene, fewer splats or a smaller image.",
    );
  }
  const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const { device } = gpu;
  device.pushErrorScope("out-of-memory");
  const buffer = device.createBuffer({ label, size, usage: STORAGE | COPY_SRC | COPY_DST | extraUsage });
  const hear = (refusal: GPUError | null): void => {
    if (!refusal) return;
    onRefused(buffer);
    gpu.report(new GpuMemoryError(refusal.message));
  };
  const answer = device.popErrorScope().then(hear, () => undefined); // rejects where the device is gone
  const earlier = answers.get(device);
  answers.set(
    device,
    answer.then(() => earlier),
  );
  return buffer;
}

/** What `make` makes of buffers. Where there is no room for them they are given back, and a GpuMemoryError says so. */
export async function allocated<T>(gpu: Gpu, make: () => T, dispose: (made: T) => void): Promise<T> {
  let refusal: GpuMemoryError | undefined;
  const stopListening = gpu.onError((error) => {
    if (error instanceof GpuMemoryError) refusal ??= error;
  });
  try {
    const made = make();
    await answers.get(gpu.device);
    if (!refusal) return made;
    dispose(made);
    throw refusal;
  } finally {
    stopListening();
  }
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/** A storage buffer with these values. */
export function uploadBuffer(gpu: Gpu, label: string, data: WordArray, extraUsage = 0): GPUBuffer {
  const buffer = createBuffer(gpu, label, data.byteLength, extraUsage);
  writeBuffer(gpu, buffer, data);
  return buffer;
}

/** Overwrites the beginning of a buffer, or from a byte offset on. */
export function writeBuffer(gpu: Gpu, buffer: GPUBuffer, data: WordArray, byteOffset = 0): void {
  gpu.device.queue.writeBuffer(buffer, byteOffset, data as GPUAllowSharedBufferSource);
}

export interface EnsureOptions {
  /** Beyond storage and copies. */
  readonly usage?: number;
  /** The recording that may name the buffer as it was. */
  readonly recorder?: Pick<CommandRecorder, "destroyAfterSubmit">;
}

/**
 * Named buffers that are kept from one use to the next and only ever grow, with room to spare so that a slowly
 * growing need does not reallocate every time. What a buffer holds is lost when it grows. Commands that are recorded
 * but not submitted may still name the smaller buffer: pass their recorder, and it lives until they are sent off.
 */
export class BufferPool {
  readonly #gpu: Gpu;
  readonly #label: string;
  readonly #buffers = new Map<string, GPUBuffer>();

  constructor(gpu: Gpu, label: string) {
    this.#gpu = gpu;
    this.#label = label;
  }

  /** At least `byteLength` bytes of storage, with whatever was in them last. */
  ensure(name: string, byteLength: number, { usage = 0, recorder }: EnsureOptions = {}): GPUBuffer {
    const old = this.#buffers.get(name);
    if (old && old.size >= byteLength) return old;
    const withRoom = old
      ? Math.max(byteLength, Math.min(1.5 * old.size, largestBuffer(this.#gpu.limits)))
      : byteLength;
    // The next use tries again.
    const forget = (refused: GPUBuffer): void => {
      if (this.#buffers.get(name) === refused) this.#buffers.delete(name);
    };
    const buffer = createBuffer(this.#gpu, `${this.#label}/${name}`, withRoom, usage, forget);
    if (old && recorder) recorder.destroyAfterSubmit(old);
    else old?.destroy();
    this.#buffers.set(name, buffer);
    return buffer;
  }

  get byteLength(): number {
    return [...this.#buffers.values()].reduce((sum, buffer) => sum + buffer.size, 0);
  }

  dispose(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }
}
