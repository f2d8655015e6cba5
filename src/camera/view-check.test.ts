import { describe, expect, it } from "vitest";
import type { Camera } from "./camera.ts";
import { pinhole } from "./intrinsics.ts";
import { lookAt } from "./pose.ts";
import { acceptView, viewStats, type ViewStats } from "./view-check.ts";

const SIZE = 32;
const focus = { center: [0, 0, 0] as const, radius: 1 };
/** Four away from the focus. */
const camera: Camera = {
  ...pinhole(SIZE, SIZE, 0.8),
  near: 0.01,
  worldToCamera: lookAt([0, 0, 4], [0, 0, 0], [0, 1, 0]),
};

/** A picture of [alpha, z] per pixel, as the rasterizer gives it: depth is accumulated, Σ w·z. */
type Pixel = (x: number, y: number) => readonly [alpha: number, z: number];
function statsOf(pixel: Pixel): ViewStats {
  const alpha = new Float32Array(SIZE * SIZE);
  const depth = new Float32Array(SIZE * SIZE);
  for (let i = 0; i < alpha.length; i++) {
    const [a, z] = pixel(i % SIZE, Math.floor(i / SIZE));
    alpha[i] = a;
    depth[i] = a * z;
  }
  return viewStats(alpha, depth, camera, focus);
}
const inDisc = (x: number, y: number): boolean => Math.hypot(x - 15.5, y - 15.5) < 9;

describe("accepted", () => {
  it.each<[string, Pixel]>([
    ["an object alone", (x, y) => (inDisc(x, y) ? [0.99, 3.2] : [0, 0])],
    ["an object on a ground that comes near", (x, y) => (inDisc(x, y) ? [1, 3.2] : [1, y > 20 ? 1.2 : 9])],
    ["a thin veil of floaters over everything", (x, y) => (inDisc(x, y) ? [1, 2.8] : [0.2, 0.1])],
    ["one floater before the lens", (x, y) => (x < 8 && y < 8 ? [1, 0.2] : [1, 3.5])],
  ])("%s", (_name, pixel) => {
    const verdict = acceptView(statsOf(pixel));
    expect(verdict).toEqual({ accepted: true, excess: 0, reasons: [] });
  });
});

describe("rejected", () => {
  it.each<[string, Pixel, string[]]>([
    ["emptiness", () => [0, 0], ["sees next to nothing"]],
    [
      "the inside of a wall",
      () => [1, 0.05],
      ["something covers the lens", "something stands before the focus"],
    ],
    ["a wall before the focus", () => [1, 1.2], ["something stands before the focus"]],
    ["a third of the lens covered", (x) => [1, x < 11 ? 0.2 : 20], ["something covers the lens"]],
  ])("%s", (_name, pixel, reasons) => {
    const verdict = acceptView(statsOf(pixel));
    expect(verdict.accepted).toBe(false);
    expect(verdict.excess).toBeGreaterThan(0);
    expect(verdict.reasons).toEqual(reasons);
  });

  it("statistics that are not numbers", () => {
    expect(acceptView({ alphaMean: NaN, nearShare: 0, blockedShare: 0 }).accepted).toBe(false);
  });

  it("less, the nearer to its limits a view is", () => {
    const excess = (blockedShare: number) => acceptView({ alphaMean: 1, nearShare: 0, blockedShare }).excess;
    expect(excess(0.6)).toBeLessThan(excess(0.9));
  });
});

it("reads shares off the pictures", () => {
  const stats = statsOf((x) => (x < 8 ? [1, 0.2] : [0.5, 3]));
  expect(stats.alphaMean).toBeCloseTo(0.25 + 0.75 * 0.5, 6);
  expect(stats.nearShare).toBe(0.25);
  expect(stats.blockedShare).toBeLessThan(0.1);
});
