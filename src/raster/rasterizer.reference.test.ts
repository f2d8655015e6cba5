import { describe, expect, test } from "vitest";
import { render, renderVjp } from "./rasterizer.reference.ts";
import { COTANGENT_SETS, GOLDEN_NAMES, readGolden } from "./testing/golden.ts";
import { gradientFailures, worstDifference } from "./testing/compare.ts";

const TOLERANCE = 1e-6;

describe.each(GOLDEN_NAMES)("golden case %s", (name) => {
  const golden = readGolden(name);
  const { out, saved } = render(golden.input);
  const pixels = golden.fragile.length;
  const isSteady = (index: number): boolean => !golden.fragile[index % pixels];

  test.each(["image", "alpha", "depth"] as const)("%s holds", (output) => {
    expect(worstDifference(out[output], golden.output[output], isSteady).worst).toBeLessThan(TOLERANCE);
  });

  test.each(COTANGENT_SETS)("gradient of %s holds", (set) => {
    const gradient = renderVjp(golden.input, saved, golden.cotangent(set));
    expect(gradientFailures(gradient, golden.gradient(set), TOLERANCE)).toEqual([]);
  });
});
