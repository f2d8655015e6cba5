import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { pointScene } from "../scene/testing/point-scene.ts";
import { countMovable, regionMask, regionProblem, type Region } from "./mask.ts";

const scene = pointScene([
  [0, 0, 0],
  [1, 0, 0],
  [1, 1, 1],
  [-2, 0, 0],
  [NaN, 0, 0],
]);
const maskOf = (region: Region): number[] => [...regionMask(region, scene)];

describe("a region's mask", () => {
  it("is every splat, of the whole scene", () => {
    expect(maskOf({ kind: "all" })).toEqual([1, 1, 1, 1, 1]);
  });

  it("is the splats within a radius, border included", () => {
    expect(maskOf({ kind: "sphere", center: [0, 0, 0], radius: 1 })).toEqual([1, 1, 0, 0, 0]);
    expect(maskOf({ kind: "sphere", center: [0, 0, 0], radius: 1.8 })).toEqual([1, 1, 1, 0, 0]);
  });

  it("is the splats within a box, border included", () => {
    expect(maskOf({ kind: "box", min: [0.5, -1, -1], max: [1, 1, 1] })).toEqual([0, 1, 1, 0, 0]);
  });

  it("is a selection, whatever its order", () => {
    expect(maskOf({ kind: "splats", indices: Uint32Array.of(3, 0, 3) })).toEqual([1, 0, 0, 1, 0]);
    expect(countMovable(regionMask({ kind: "splats", indices: [3, 0, 3] }, scene))).toBe(2);
  });

  it.each<[string, Region]>([
    ["empty", { kind: "sphere", center: [9, 9, 9], radius: 1 }],
    ["from another scene", { kind: "splats", indices: [5] }],
    ["negative", { kind: "splats", indices: [-1] }],
    ["a fraction", { kind: "splats", indices: [0.5] }],
  ])("is refused in words when the region is %s", (_what, region) => {
    expect(() => regionMask(region, scene)).toThrow(UserError);
  });
});

it.each<[boolean, Region]>([
  [true, { kind: "all" }],
  [true, { kind: "sphere", center: [0, 0, 0], radius: 1 }],
  [false, { kind: "sphere", center: [0, NaN, 0], radius: 1 }],
  [false, { kind: "sphere", center: [0, 0, 0], radius: 0 }],
  [true, { kind: "box", min: [0, 0, 0], max: [1, 1, 1] }],
  [false, { kind: "box", min: [0, 2, 0], max: [1, 1, 1] }],
  [false, { kind: "splats", indices: [] }],
])("makes sense: %s, %j", (fine, region) => {
  expect(regionProblem(region) === undefined).toBe(fine);
});
