/** How long kernels take on the GPU. */
import { assert } from "../core/assert.ts";
import type { Gpu } from "./device.ts";
import { queueDone, unlessLost } from "./waiting.ts";

/**
 * Timestamps around compute passes of one recording. Browsers round them (Chrome to 100 µs unless started
 * otherwise), so short kernels want many repeats.
 */
export class PassTimer {
  readonly #gpu: Gpu;
  readonly #capacity: number;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  #names: string[] = [];

  /** Whether the device can time passes; without, there is `timeQueue`. */
  static supported(gpu: Gpu): boolean {
    return gpu.features.has("timestamp-query");
  }

  /** Room for `capacity` passes between two `read`s. */
  constructor(gpu: Gpu, capacity = 512) {
    assert(PassTimer.supported(gpu), "this device has no timestamp queries");
    this.#gpu = gpu;
    this.#capacity = capacity;
    this.#queries = gpu.device.createQuerySet({ label: "timer", type: "timestamp", count: 2 * capacity });
    const { QUERY_RESOLVE, COPY_SRC } = GPUBufferUsage;
    this.#resolved = gpu.device.createBuffer({
      label: "timer",
      size: 16 * capacity,
      usage: QUERY_RESOLVE | COPY_SRC,
    });
  }

  /** The timestamps of the next pass; undefined when there is no room left, and the pass goes untimed. */
  span(name: string): GPUComputePassTimestampWrites | undefined {
    const first = 2 * this.#names.length;
    if (first >= 2 * this.#capacity) return undefined;
    this.#names.push(name);
    return {
      querySet: this.#queries,
      beginningOfPassWriteIndex: first,
      endOfPassWriteIndex: first + 1,
    };
  }

  /** To be recorded after the last pass. */
  resolve(encoder: GPUCommandEncoder): void {
    if (this.#names.length === 0) return;
    encoder.resolveQuerySet(this.#queries, 0, 2 * this.#names.length, this.#resolved, 0);
  }

  /** Milliseconds by kernel name, summed over its passes since the last call, in order of first use. */
  async read(): Promise<Map<string, number>> {
    const names = this.#names;
    this.#names = [];
    const totals = new Map<string, number>();
    if (names.length === 0) return totals;
    const times = await this.#readTimes(names.length);
    names.forEach((name, i) => {
      const milliseconds = Number(times[2 * i + 1]! - times[2 * i]!) / 1e6;
      totals.set(name, (totals.get(name) ?? 0) + Math.max(0, milliseconds));
    });
    return totals;
  }

  async #readTimes(passes: number): Promise<BigUint64Array> {
    const { device } = this.#gpu;
    const size = 16 * passes;
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const staging = device.createBuffer({ label: "timer", size, usage: MAP_READ | COPY_DST });
    const encoder = device.createCommandEncoder({ label: "timer" });
    encoder.copyBufferToBuffer(this.#resolved, 0, staging, 0, size);
    device.queue.submit([encoder.finish()]);
    await unlessLost(this.#gpu, staging.mapAsync(GPUMapMode.READ));
    const times = new BigUint64Array(staging.getMappedRange().slice(0));
    staging.destroy();
    return times;
  }

  dispose(): void {
    this.#queries.destroy();
    this.#resolved.destroy();
  }
}

/** Milliseconds from submitting the work until the queue is empty; works everywhere, overhead included. */
export async function timeQueue(gpu: Gpu, work: () => void | Promise<void>): Promise<number> {
  await queueDone(gpu);
  const start = performance.now();
  await work();
  await queueDone(gpu);
  return performance.now() - start;
}
