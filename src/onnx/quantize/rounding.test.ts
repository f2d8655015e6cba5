import { describe, expect, it } from "vitest";
import { createRng } from "../../core/rng.ts";
import { INT8, UINT4_CENTRED, UINT8_CENTRED, channelGroups, roundGroup } from "./rounding.ts";
import type { IntegerRange } from "./rounding.ts";

const COUNT = 256;
const whole = { start: 0, outer: 1, stride: 0, inner: COUNT };

function gaussian(seed: string): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: COUNT }, () => rng.normal());
}

function roundTrip(values: Float32Array, range: IntegerRange): { codes: Int8Array; error: number } {
  const codes = new Int8Array(values.length);
  const scale = roundGroup(values, whole, range, codes);
  return { codes, error: values.reduce((sum, value, i) => sum + (value - scale * codes[i]!) ** 2, 0) };
}

/** What is left when the largest weight gets the largest code. */
function naiveError(values: Float32Array, high: number): number {
  const scale = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0) / high;
  return values.reduce((sum, value) => sum + (value - scale * Math.round(value / scale)) ** 2, 0);
}

describe("rounding a group of weights", () => {
  it("gives back what lies on the grid", () => {
    const values = Float32Array.from({ length: COUNT }, (_, i) => 0.25 * ((i % 255) - 127));
    const { codes, error } = roundTrip(values, INT8);
    expect(error).toBe(0);
    expect(codes[0]).toBe(-127);
  });

  it("is never worse than scaling by the largest weight, and much better with few bits", () => {
    for (const seed of ["a", "b", "c"]) {
      const values = gaussian(seed);
      expect(roundTrip(values, INT8).error).toBeLessThanOrEqual(naiveError(values, 127));
      expect(roundTrip(values, UINT4_CENTRED).error).toBeLessThan(0.8 * naiveError(values, 7));
    }
  });

  it("stays inside its codes, and gives the longer side to the larger extreme", () => {
    const values = gaussian("d").map((value, i) => (i === 5 ? 9 : value));
    for (const range of [INT8, UINT8_CENTRED, UINT4_CENTRED]) {
      const { codes } = roundTrip(values, range);
      expect(codes.every((code) => code >= range.low && code <= range.high)).toBe(true);
    }
    const codes = new Int8Array(COUNT);
    expect(roundGroup(values, whole, UINT8_CENTRED, codes)).toBeLessThan(0);
    expect(codes[5]).toBeLessThan(-120);
  });

  it("has no scale for zeros, nor one that a half cannot hold", () => {
    expect(roundGroup(new Float32Array(COUNT), whole, INT8, new Int8Array(COUNT))).toBe(0);
  });

  it("walks the elements of any axis", () => {
    const values = Float32Array.from({ length: 12 }, (_, i) => i); // [2, 3, 2]
    const visited = channelGroups([2, 3, 2], 1).map(({ start, outer, stride, inner }) =>
      Array.from({ length: outer }, (_, o) => [
        ...values.subarray(start + o * stride, start + o * stride + inner),
      ]),
    );
    expect(visited.map((rows) => rows.flat())).toEqual([
      [0, 1, 6, 7],
      [2, 3, 8, 9],
      [4, 5, 10, 11],
    ]);
  });
});
