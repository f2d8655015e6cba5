import { expect, it } from "vitest";
import { ratiosOf, sharesOf } from "./ratios.ts";
import type { RowTiming } from "./suite.ts";

const timing = (row: string, median: number, scene?: string): RowTiming => ({
  row,
  ...(scene !== undefined && { scene }),
  first: 1e6,
  samples: [median / 2, median, 10 * median],
});
const sceneRows = (scene: string, factor = 1): RowTiming[] => [
  timing("raster forward", 4 * factor, scene),
  timing("raster backward", 8, scene),
  timing("step exact", 100, scene),
  timing("step decode-residual", 125, scene),
];
const valueOf = (rows: readonly RowTiming[], name: string, scene?: string): number | undefined =>
  ratiosOf(rows).find((ratio) => ratio.name === name && ratio.scene === scene)?.value;

it("compares medians of the same scene, and networks without one", () => {
  const networks = [
    timing("encoder forward", 10),
    timing("bridge exact", 20),
    timing("bridge decode-residual", 40),
  ];
  const rows = [...networks, ...sceneRows("a"), ...sceneRows("b", 4)];
  expect(valueOf(rows, "raster, backward : forward", "a")).toBe(2);
  expect(valueOf(rows, "raster, backward : forward", "b")).toBe(0.5);
  expect(valueOf(rows, "encoder, exact bridge : forward")).toBe(2);
  expect(valueOf(rows, "bridge, exact : decode-residual")).toBe(0.5);
  expect(valueOf(rows, "step, exact : decode-residual", "b")).toBe(0.8);
  expect(ratiosOf(rows)).toHaveLength(6);
});

it("leaves out what was not measured on both sides", () => {
  expect(ratiosOf([timing("raster forward", 4, "a"), timing("raster backward", 8, "b")])).toEqual([]);
});

it("takes the median of each part's share, so that a slow call distorts none", () => {
  const row = {
    ...{ row: "step exact", scene: "a", first: 900, samples: [100, 1000, 10] },
    parts: [
      { unet: 50, bridge: 30 },
      { unet: 980, bridge: 10 },
      { unet: 5, bridge: 4 },
    ],
  };
  const [shares, ...others] = sharesOf([timing("adam", 1, "a"), row]);
  expect(others).toEqual([]);
  expect(shares).toEqual({
    row: "step exact",
    scene: "a",
    shares: { unet: 0.5, bridge: 0.3, rest: expect.closeTo(0.1, 12) },
  });
});
