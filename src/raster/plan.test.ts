import { describe, expect, test } from "vitest";
import { UserError } from "../core/errors.ts";
import { reflect } from "../gpu/wgsl-reflect.ts";
import { loadShader } from "../gpu/wgsl.ts";
import { parseCounters } from "./counters.ts";
import { growPairs, guessPairs, pairLimit, planFrame } from "./plan.ts";
import { LOW_PASS } from "./project.reference.ts";
import { ALPHA_MAX, ALPHA_MIN, TRANSMITTANCE_MIN } from "./rasterize.reference.ts";

describe("a frame's plan", () => {
  test("covers ragged images with tiles, and has an index for pairs that belong nowhere", () => {
    const plan = planFrame(10, { width: 33, height: 16 }, 100);
    expect(plan).toMatchObject({ tiles: [3, 1], numTiles: 3, tileBits: 2 });
    expect(planFrame(0, { width: 1, height: 1 }, 1)).toMatchObject({ numTiles: 1, tileBits: 1 });
    // Four tiles are numbered 0 to 3, so that 4 needs a bit more.
    expect(planFrame(0, { width: 32, height: 32 }, 1).tileBits).toBe(3);
    expect(planFrame(0, { width: 4096, height: 4096 }, 1).tileBits).toBe(17);
  });
});

describe("room for pairs", () => {
  const limit = pairLimit({ maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 27 });

  test("is limited by the widest buffer over pairs", () => {
    expect(limit).toBe(Math.floor(2 ** 27 / 40));
  });

  test("begins with a guess and grows by half beyond what is wanted, up to the limit", () => {
    expect(guessPairs(0, limit)).toBeGreaterThan(0);
    expect(guessPairs(10_000_000, limit)).toBe(limit);
    expect(growPairs(1000, limit)).toBe(1500);
    expect(growPairs(limit - 1, limit)).toBe(limit);
  });

  test("that no GPU has is the user's to know", () => {
    expect(() => growPairs(limit + 1, limit)).toThrow(UserError);
    // Wrapped around: more than 2³², however few the counter shows.
    const stats = parseCounters(new Uint32Array([7, 5, 1, 1]).buffer, 100);
    expect(stats).toEqual({ visible: 7, pairs: 2 ** 32, maxPairs: 100, overflowed: true });
    expect(() => growPairs(stats.pairs, limit)).toThrow(/4,294,967,296 splat-tile pairs/);
  });

  test("is more for a rasterizer without a derivative, and fits limits that are one short", () => {
    const limits = { maxBufferSize: 2 ** 27 - 1, maxStorageBufferBindingSize: 2 ** 31 };
    expect(pairLimit(limits)).toBe(Math.floor((2 ** 27 - 16) / 40));
    expect(pairLimit(limits, true)).toBe((2 ** 27 - 16) / 8);
  });
});

test("the shaders' numbers are the reference's", () => {
  const constants = (shader: string) => reflect(loadShader(shader).code).constants;
  const splat = constants("raster/splat");
  expect(splat["EXPONENT_MIN"]).toBeCloseTo(Math.log2(ALPHA_MIN), 12);
  expect(splat["EXPONENT_MAX"]).toBeCloseTo(Math.log2(ALPHA_MAX), 12);
  expect(splat["ALPHA_MAX"]).toBe(ALPHA_MAX);
  expect(splat["TRANSMITTANCE_MIN"]).toBe(TRANSMITTANCE_MIN);
  const footprint = constants("raster/footprint");
  expect(footprint["LOW_PASS"]).toBe(LOW_PASS);
  expect(footprint["FOLD"]).toBeCloseTo(Math.sqrt(0.5 * Math.LOG2E), 12);
});
