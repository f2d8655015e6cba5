/** Exclusive prefix sums of u32, modulo 2³². */
import { assert } from "../core/assert.ts";
import { BufferPool } from "./buffers.ts";
import type { Gpu } from "./device.ts";
import { defineKernel } from "./kernel.ts";
import type { CommandRecorder } from "./recorder.ts";

const reduce = defineKernel({
  name: "sort/scan-reduce",
  bindings: { params: "uniform", values: "read", block_sums: "write" },
});
const scanBlocks = defineKernel({
  name: "sort/scan-blocks",
  bindings: { params: "uniform", block_sums: "read_write", totals: "read_write" },
});
const apply = defineKernel({
  name: "sort/scan-apply",
  bindings: { params: "uniform", values: "read", blocks_before: "read", sums: "write" },
});

/** To be compiled ahead of use. */
export const scanKernels = [reduce, scanBlocks, apply];

const BLOCK = reduce.constants["SCAN_BLOCK"]!;

/** One word of a buffer. */
export interface WordInBuffer {
  readonly buffer: GPUBuffer;
  readonly index: number;
}

export interface ScanInput {
  readonly values: GPUBuffer; // [count]
  /** Receives the sum of all values before each one. Not the buffer of the values. */
  readonly sums: GPUBuffer; // [count]
  readonly count: number;
  /** Receives the sum of all values. */
  readonly total?: WordInBuffer;
}

/** Three dispatches for any count. Its buffers are kept and reused from one recording to the next. */
export class PrefixSum {
  readonly #pool: BufferPool;

  constructor(gpu: Gpu, label = "scan") {
    this.#pool = new BufferPool(gpu, label);
  }

  record(recorder: CommandRecorder, { values, sums, count, total }: ScanInput): void {
    assert(values !== sums, "a prefix sum cannot be written over its values");
    assert(
      4 * count <= Math.min(values.size, sums.size),
      `prefix sum of ${count} values: a buffer is too short`,
    );
    const blocks = Math.ceil(count / BLOCK);
    const block_sums = this.#pool.ensure("blocks", 4 * blocks, { recorder });
    const totals = total?.buffer ?? this.#pool.ensure("total", 4);
    const params = { count, blocks, total_index: total?.index ?? 0 };
    const size = { over: blocks * reduce.workgroupSize };
    recorder
      .dispatch(reduce, size, { params, values, block_sums })
      .dispatch(scanBlocks, { groups: [1] }, { params, block_sums, totals })
      .dispatch(apply, size, { params, values, blocks_before: block_sums, sums });
  }

  dispose(): void {
    this.#pool.dispose();
  }
}
