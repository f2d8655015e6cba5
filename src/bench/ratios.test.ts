import { expect, it } from "vitest";
import { ratiosOf, sharesOf } from "./ratios.ts";
import type { RowTiming } from "./suite.ts";

const timing = (row: string, median: number, scene?: string): RowTiming => ({
  row,
  ...(scene !== undefined && { scene }),
  first: 1e6,
  samples: [median / 2, median, 10 * median],
});

const NETWORKS = [
  timing("encoder forward", 10),
  timing("unet ×3", 50),
  timing("unet ×4", 70),
  timing("bridge exact", 20),
  timing("bridge decode-residual", 40),
];
const sceneRows = (scene: string, factor = 1): RowTiming[] => [
  timing("raster forward", 4 * factor, scene),
  timing("raster backward", 8 * factor, scene),
  timing("adam", 2 * factor, scene),
  timing("step exact", 100, scene),
  timing("step decode-residual", 125, scene),
];
const valueOf = (rows: readonly RowTiming[], name: string, scene?: string): number | undefined =>
  ratiosOf(rows).find((ratio) => ratio.name === name && ratio.scene === scene)?.value;

it("compares medians of the same scene, and networks once", () => {
  const rows = [...NETWORKS, ...sceneRows("a"), ...sceneRows("b", 3)];
  expect(valueOf(rows, "raster, backward : forward", "a")).toBe(2);
  expect(valueOf(rows, "raster, backward : forward", "b")).toBe(2);
  expect(valueOf(rows, "encoder, exact bridge : forward")).toBe(2);
  expect(valueOf(rows, "bridge, exact : decode-residual")).toBe(0.5);
  expect(valueOf(rows, "step, exact : decode-residual", "b")).toBe(0.8);
  expect(ratiosOf(rows)).toHaveLength(6);
});

it("leaves out what was not measured on both sides", () => {
  const rows = [timing("raster forward", 4, "a"), timing("raster backward", 8, "b")];
  expect(ratiosOf(rows)).toEqual([]);
});

it("divides a step into its parts, with the batch that its method asks for", () => {
  const [exact, residual] = sharesOf([...NETWORKS, ...sceneRows("a")], 3);
  expect(exact).toEqual({
    scene: "a",
    bridge: "exact",
    shares: {
      "raster forward": 0.04,
      "encoder forward": 0.1,
      unet: 0.5,
      bridge: 0.2,
      "raster backward": 0.08,
      adam: 0.02,
      rest: expect.closeTo(0.06),
    },
  });
  expect(residual!.shares.bridge).toBe(0.32);
  expect(sharesOf([...NETWORKS, ...sceneRows("a")], 4)[0]!.shares.unet).toBe(0.7);
});

it("knows no rest where a part is missing", () => {
  const { shares } = sharesOf(sceneRows("a"), 3)[0]!;
  expect(Object.keys(shares)).toEqual(["raster forward", "raster backward", "adam"]);
});
