/**
 * Stable radix sort of (u32 key, u32 value) pairs whose number only the GPU knows. No workgroup waits for another
 * and no order depends on timing: the same input gives the same bytes on every run.
 */
import { assert } from "../core/assert.ts";
import { BufferPool } from "./buffers.ts";
import type { Gpu } from "./device.ts";
import { defineKernel } from "./kernel.ts";
import type { CommandRecorder } from "./recorder.ts";
import type { WordInBuffer } from "./scan.ts";

const makeArguments = defineKernel({
  name: "sort/radix-arguments",
  bindings: { params: "uniform", counts: "read", grid: "write" },
});
/** `lanes` threads share the work on a block. */
const defineCount = (lanes: number) =>
  defineKernel({
    name: "sort/radix-count",
    constants: { SORT_LANES: lanes },
    bindings: {
      params: "uniform",
      counts: "read",
      keys: "read",
      block_counts: "write",
      segment_counts: "read_write",
    },
  });
const scan = defineKernel({
  name: "sort/radix-scan",
  bindings: { params: "uniform", counts: "read", segment_counts: "read_write", segment_places: "write" },
});
const defineScatter = (lanes: number) =>
  defineKernel({
    name: "sort/radix-scatter",
    constants: { SORT_LANES: lanes },
    bindings: {
      params: "uniform",
      counts: "read",
      block_counts: "read",
      segment_places: "read",
      keys: "read",
      values: "read",
      sorted_keys: "write",
      sorted_values: "write",
    },
  });

/** Wide workgroups hide memory's latency; a CPU that plays GPU pays for every thread at every barrier. */
const wide = { count: defineCount(256), scatter: defineScatter(256) };
const narrow = { count: defineCount(32), scatter: defineScatter(32) };
const variants = { wide, narrow };
export type SortVariant = keyof typeof variants;
const variantFor = ({ isSoftware }: Gpu): SortVariant => (isSoftware ? "narrow" : "wide");

/** To be compiled ahead of use. */
export const radixSortKernels = (gpu: Gpu) => [
  makeArguments,
  scan,
  ...Object.values(variants[variantFor(gpu)]),
];

const BLOCK = scan.constants["RADIX_BLOCK"]!;
const SEGMENT_BLOCKS = scan.constants["SEGMENT_BLOCKS"]!;
const MAX_DIGITS = scan.constants["MAX_DIGITS"]!;
const MAX_DIGIT_BITS = Math.log2(MAX_DIGITS);

export interface SortInput {
  readonly keys: GPUBuffer; // [capacity]
  /** What travels with the keys; each key's place before the sort unless given. */
  readonly values?: GPUBuffer; // [capacity]
  /** How many pairs there are. More than `capacity` are not looked at. */
  readonly count: WordInBuffer;
  readonly capacity: number;
  /** Sorts by `bits` bits of the key (32 unless given) from bit `firstBit` on; the others travel along. */
  readonly bits?: number;
  readonly firstBit?: number;
}

/** Owned by the sorter, good until its next recording; behind the last pair lies whatever was there before. */
export interface SortedPairs {
  readonly keys: GPUBuffer;
  readonly values: GPUBuffer;
}

/** Digits of at most 8 bits, as even as can be: 11 bits are 6 + 5. Least significant first. */
export function splitDigits(bits: number, firstBit = 0): { shift: number; digits: number }[] {
  const passes = Math.ceil(bits / MAX_DIGIT_BITS);
  return Array.from({ length: passes }, (_, pass) => {
    const begin = Math.ceil((pass * bits) / passes);
    const end = Math.ceil(((pass + 1) * bits) / passes);
    return { shift: firstBit + begin, digits: 2 ** (end - begin) };
  });
}

/** One dispatch and three per digit. Its buffers are kept and reused from one recording to the next. */
export class RadixSort {
  readonly #pool: BufferPool;

  readonly #kernels: typeof wide;

  constructor(gpu: Gpu, label = "sort", variant = variantFor(gpu)) {
    this.#kernels = variants[variant];
    this.#pool = new BufferPool(gpu, label);
  }

  record(recorder: CommandRecorder, input: SortInput): SortedPairs {
    const { capacity, bits = 32, firstBit = 0 } = input;
    assert(bits >= 1 && firstBit >= 0 && firstBit + bits <= 32, `sort by ${bits} bits from bit ${firstBit}`);
    for (const buffer of [input.keys, input.values ?? input.keys]) {
      assert(4 * capacity <= buffer.size, `sort of ${capacity} pairs: "${buffer.label}" is too short`);
    }
    const shared = { capacity, count_index: input.count.index };
    const counts = input.count.buffer;
    const grid = this.#pool.ensure("grid", 12, { usage: GPUBufferUsage.INDIRECT });
    const passes = splitDigits(bits, firstBit);
    const table = (name: string, rows: number): GPUBuffer =>
      this.#pool.ensure(name, 4 * MAX_DIGITS * rows, { recorder });
    const blocks = Math.ceil(capacity / BLOCK);
    const block_counts = table("block counts", blocks);
    // Zero when made, and left at zero by every scan.
    const segment_counts = table("segment counts", Math.ceil(blocks / SEGMENT_BLOCKS));
    const segment_places = table("segment places", Math.ceil(blocks / SEGMENT_BLOCKS));
    const first = { ...passes[0]!, ...shared, values_are_places: 0 };
    recorder.dispatch(makeArguments, { groups: [1] }, { params: first, counts, grid });

    const { count, scatter } = this.#kernels;
    let keys = input.keys;
    let values = input.values;
    passes.forEach((pass, i) => {
      const params = { ...pass, ...shared, values_are_places: values ? 0 : 1 };
      const sorted_keys = this.#pool.ensure(`keys ${i % 2}`, 4 * capacity, { recorder });
      const sorted_values = this.#pool.ensure(`values ${i % 2}`, 4 * capacity, { recorder });
      recorder
        .dispatch(count, { indirect: grid }, { params, counts, keys, block_counts, segment_counts })
        .dispatch(scan, { groups: [1] }, { params, counts, segment_counts, segment_places })
        .dispatch(
          scatter,
          { indirect: grid },
          {
            params,
            counts,
            block_counts,
            segment_places,
            keys,
            values: values ?? keys, // something has to be bound
            sorted_keys,
            sorted_values,
          },
        );
      keys = sorted_keys;
      values = sorted_values;
    });
    return { keys, values: values! };
  }

  get byteLength(): number {
    return this.#pool.byteLength;
  }

  dispose(): void {
    this.#pool.dispose();
  }
}
