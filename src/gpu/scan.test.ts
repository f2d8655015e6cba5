import { describe, expect } from "vitest";
import { createRng } from "../core/rng.ts";
import { createBuffer, uploadBuffer } from "./buffers.ts";
import type { Gpu } from "./device.ts";
import { readUints } from "./readback.ts";
import { CommandRecorder } from "./recorder.ts";
import { PrefixSum } from "./scan.ts";
import { gpuTest } from "./testing.ts";

async function scanned(gpu: Gpu, values: Uint32Array, count = values.length) {
  const scan = new PrefixSum(gpu);
  const input = uploadBuffer(gpu, "values", values);
  const sums = uploadBuffer(gpu, "sums", new Uint32Array(values.length + 8).fill(0xdeadbeef));
  const totals = uploadBuffer(gpu, "totals", new Uint32Array([1, 2, 3, 4]));
  const recorder = new CommandRecorder(gpu, "scan");
  scan.record(recorder, { values: input, sums, count, total: { buffer: totals, index: 2 } });
  recorder.submit();
  const result = { sums: await readUints(gpu, sums), totals: await readUints(gpu, totals, 4) };
  for (const buffer of [input, sums, totals]) buffer.destroy();
  scan.dispose();
  return result;
}

function expected(values: Uint32Array) {
  const sums = new Uint32Array(values.length);
  let sum = 0;
  values.forEach((value, i) => {
    sums[i] = sum;
    sum = (sum + value) >>> 0;
  });
  return { sums, total: sum };
}

describe("the prefix sum", () => {
  const sizes = [0, 1, 2, 255, 256, 257, 2047, 2048, 2049, 65_535, 65_537, 200_003];
  gpuTest.for(sizes)("of %i values", async (n, { gpu }) => {
    const rng = createRng(n);
    const values = Uint32Array.from({ length: n }, () => rng.int(5));
    const want = expected(values);
    const { sums, totals } = await scanned(gpu, values);
    expect(sums.slice(0, n)).toEqual(want.sums);
    expect([...totals]).toEqual([1, 2, want.total, 4]);
    expect(sums.slice(n).every((word) => word === 0xdeadbeef || word === 0)).toBe(true);
  });

  gpuTest("of more blocks than one workgroup scans at once", async ({ gpu }) => {
    const n = 2048 * 2048 + 2049;
    const values = new Uint32Array(n).fill(1);
    const { sums, totals } = await scanned(gpu, values);
    expect(totals[2]).toBe(n);
    expect(sums.subarray(0, n).findIndex((sum, i) => sum !== i)).toBe(-1);
  });

  gpuTest("wraps as 32-bit numbers do", async ({ gpu }) => {
    const values = new Uint32Array(3000).fill(0x7fffffff);
    const { sums, totals } = await scanned(gpu, values);
    const want = expected(values);
    expect(sums.slice(0, 3000)).toEqual(want.sums);
    expect(totals[2]).toBe(want.total);
  });

  gpuTest("leaves what lies behind the count alone", async ({ gpu }) => {
    const { sums } = await scanned(gpu, new Uint32Array(3000).fill(1), 2500);
    expect(sums[2499]).toBe(2499);
    expect(sums.subarray(2500, 3000).every((word) => word === 0xdeadbeef)).toBe(true);
  });

  gpuTest("can be asked for again in the same recording, larger", async ({ gpu }) => {
    const scan = new PrefixSum(gpu);
    const values = uploadBuffer(gpu, "values", new Uint32Array(100_000).fill(1));
    const few = createBuffer(gpu, "few", 4 * 10);
    const many = createBuffer(gpu, "many", 4 * 100_000);
    const recorder = new CommandRecorder(gpu, "scan");
    scan.record(recorder, { values, sums: few, count: 10 });
    scan.record(recorder, { values, sums: many, count: 100_000 });
    recorder.submit();
    expect((await readUints(gpu, few))[9]).toBe(9);
    expect((await readUints(gpu, many))[99_999]).toBe(99_999);
    for (const buffer of [values, few, many]) buffer.destroy();
    scan.dispose();
  });
});
