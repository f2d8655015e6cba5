import { describe, expect, it } from "vitest";
import { createRng } from "../core/rng.ts";
import { createBuffer, uploadBuffer } from "./buffers.ts";
import type { Gpu } from "./device.ts";
import { RadixSort, splitDigits, type SortVariant } from "./radix-sort.ts";
import { readUints } from "./readback.ts";
import { CommandRecorder } from "./recorder.ts";
import { gpuTest } from "./testing.ts";

interface Options {
  readonly count?: number;
  readonly capacity?: number;
  readonly bits?: number;
  readonly firstBit?: number;
  readonly values?: Uint32Array;
  readonly variant?: SortVariant;
}

async function sorted(gpu: Gpu, keys: Uint32Array, options: Options = {}) {
  const { count = keys.length, capacity = keys.length, bits, firstBit } = options;
  const sort = new RadixSort(gpu, "sort", options.variant);
  const input = uploadBuffer(gpu, "keys", keys);
  const values = options.values && uploadBuffer(gpu, "values", options.values);
  const counts = uploadBuffer(gpu, "counts", new Uint32Array([7, 7, count, 7]));
  const recorder = new CommandRecorder(gpu, "sort");
  const pairs = sort.record(recorder, {
    keys: input,
    ...(values && { values }),
    count: { buffer: counts, index: 2 },
    capacity,
    ...(bits !== undefined && { bits }),
    ...(firstBit !== undefined && { firstBit }),
  });
  recorder.submit();
  const result = { keys: await readUints(gpu, pairs.keys), values: await readUints(gpu, pairs.values) };
  for (const buffer of [input, counts, values]) buffer?.destroy();
  sort.dispose();
  return result;
}

/** Places of the keys in the order of a stable sort by some of their bits. */
function order(keys: Uint32Array, count = keys.length, bits = 32, firstBit = 0): Uint32Array {
  const digit = (place: number): number => Math.floor(keys[place]! / 2 ** firstBit) % 2 ** bits;
  return Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => digit(a) - digit(b) || a - b);
}

const random = (n: number, below = 2 ** 32, seed: number | string = n): Uint32Array => {
  const rng = createRng(seed);
  return Uint32Array.from({ length: n }, () => rng.int(below));
};

describe("digits", () => {
  it("cover the bits once, none wider than eight, as even as can be", () => {
    for (let bits = 1; bits <= 32; bits++) {
      for (const firstBit of [0, 32 - bits]) {
        const passes = splitDigits(bits, firstBit);
        const widths = passes.map(({ digits }) => Math.log2(digits));
        expect(widths.reduce((sum, width) => sum + width, 0)).toBe(bits);
        expect(passes.map(({ shift }) => shift)).toEqual(
          widths.map((_, i) => firstBit + widths.slice(0, i).reduce((sum, width) => sum + width, 0)),
        );
        expect(Math.max(...widths)).toBeLessThanOrEqual(8);
        expect(Math.max(...widths) - Math.min(...widths)).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe("the radix sort", () => {
  const sizes = [0, 1, 2, 31, 33, 255, 256, 257, 4095, 4096, 4097, 65_535, 65_536, 65_537, 200_000];
  const cases = sizes.flatMap((n) => [[n, "wide"] as const, [n, "narrow"] as const]);
  gpuTest.for(cases)("sorts %i random keys as the host does (%s)", async ([n, variant], { gpu }) => {
    const keys = random(n);
    const places = order(keys);
    const result = await sorted(gpu, keys, { variant });
    expect(result.values.slice(0, n)).toEqual(places);
    expect(result.keys.slice(0, n)).toEqual(places.map((place) => keys[place]!));
  });

  const n = 5000;
  const inputs: readonly [string, Uint32Array][] = [
    ["in order", Uint32Array.from({ length: n }, (_, i) => i * 858_993)],
    ["in reverse order", Uint32Array.from({ length: n }, (_, i) => 0xffffffff - i * 858_993)],
    ["all zero", new Uint32Array(n)],
    ["all ones", new Uint32Array(n).fill(0xffffffff)],
    ["of few values", random(n, 3)],
    ["that are depths", new Uint32Array(random(n, 1e6).map((word) => 0.5 + word / 1e5).buffer)],
    ["whose halves differ in the top bit", Uint32Array.from({ length: n }, (_, i) => ((i % 2) << 31) >>> 0)],
  ];
  gpuTest.for(inputs)("is stable for keys %s", async ([, keys], { gpu }) => {
    const places = order(keys);
    const result = await sorted(gpu, keys);
    expect(result.values.slice(0, n)).toEqual(places);
    expect(result.keys.slice(0, n)).toEqual(places.map((place) => keys[place]!));
  });

  gpuTest.for([
    [1, 0],
    [4, 3],
    [8, 0],
    [9, 0],
    [11, 0],
    [12, 20],
    [17, 15],
    [24, 8],
  ] as const)(
    "looks at %i bits from bit %i on, and carries the others",
    async ([bits, firstBit], { gpu }) => {
      const keys = random(7000, 2 ** 32, "bits");
      const places = order(keys, keys.length, bits, firstBit);
      const result = await sorted(gpu, keys, { bits, firstBit });
      expect(result.values.slice(0, keys.length)).toEqual(places);
      expect(result.keys.slice(0, keys.length)).toEqual(places.map((place) => keys[place]!));
    },
  );

  gpuTest.for([1, 16])("moves values that are given along (%i bits)", async (bits, { gpu }) => {
    const keys = random(3000, 2 ** bits);
    const values = random(3000, 2 ** 32, "values");
    const result = await sorted(gpu, keys, { values, bits });
    expect(result.values.slice(0, 3000)).toEqual(order(keys, 3000).map((place) => values[place]!));
  });

  gpuTest.for([0, 1, 2048, 2500, 9999])("takes %i of 10,000 keys", async (count, { gpu }) => {
    const keys = random(10_000);
    const result = await sorted(gpu, keys, { count });
    expect(result.values.slice(0, count)).toEqual(order(keys, count));
    expect(result.values.slice(count).every((word) => word === 0)).toBe(true);
  });

  gpuTest("never goes beyond its capacity, whatever the count says", async ({ gpu }) => {
    const keys = random(5000);
    for (const count of [5000, 4_294_967_295]) {
      const result = await sorted(gpu, keys, { count, capacity: 3000 });
      expect(result.values.slice(0, 3000)).toEqual(order(keys, 3000));
    }
  });

  gpuTest(
    "reuses its buffers, grows them inside a recording, and repeats itself to the byte",
    async ({ gpu }) => {
      const sort = new RadixSort(gpu);
      const keys = random(40_000, 1000);
      const input = uploadBuffer(gpu, "keys", keys);
      const counts = uploadBuffer(gpu, "counts", new Uint32Array([900, 40_000]));
      const small = createBuffer(gpu, "small", 4 * 900);
      const runs: Uint32Array[] = [];
      for (let run = 0; run < 3; run++) {
        const recorder = new CommandRecorder(gpu, "sort twice");
        const few = sort.record(recorder, {
          keys: input,
          count: { buffer: counts, index: 0 },
          capacity: 900,
        });
        recorder.copy(few.values, small, 4 * 900);
        const all = sort.record(recorder, {
          keys: input,
          count: { buffer: counts, index: 1 },
          capacity: 40_000,
        });
        recorder.submit();
        expect(await readUints(gpu, small, 900)).toEqual(order(keys, 900));
        runs.push(await readUints(gpu, all.values, 40_000));
      }
      expect(runs[0]).toEqual(order(keys));
      expect(runs[1]).toEqual(runs[0]);
      expect(runs[2]).toEqual(runs[0]);
      sort.dispose();
      for (const buffer of [input, counts, small]) buffer.destroy();
    },
  );
});
