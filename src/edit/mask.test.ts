import { describe, expect, it } from "vitest";
import { cross, dot } from "../camera/vec3.ts";
import { UserError } from "../core/errors.ts";
import { createRng } from "../core/rng.ts";
import type { Point } from "../scene/bounds.ts";
import { pointScene } from "../scene/testing/point-scene.ts";
import type { Quaternion } from "../scene/transform.ts";
import { countMovable, regionMask, regionProblem, type Region } from "./mask.ts";

/** With the point's vector from the middle as a sum of the box's edges, v = s·e₀ + t·e₁ + u·e₂, solved by Cramer's rule. */
function isWithin(min: Point, max: Point, rotation: Quaternion, point: Point): boolean {
  const length = Math.hypot(...rotation);
  const [w, ...axis] = rotation.map((value) => value / length) as [number, number, number, number];
  const turned = (v: Point): Point => {
    // v + 2w (a × v) + 2 a × (a × v)
    const once = cross(axis, v);
    const twice = cross(axis, once);
    return [0, 1, 2].map((i) => v[i]! + 2 * w * once[i]! + 2 * twice[i]!) as unknown as Point;
  };
  const half = [0, 1, 2].map((i) => (max[i]! - min[i]!) / 2);
  const [a, b, c] = [turned([half[0]!, 0, 0]), turned([0, half[1]!, 0]), turned([0, 0, half[2]!])];
  const v = [0, 1, 2].map((i) => point[i]! - (min[i]! + max[i]!) / 2) as unknown as Point;
  const volume = dot(a, cross(b, c));
  const shares = [dot(v, cross(b, c)), dot(a, cross(v, c)), dot(a, cross(b, v))];
  return shares.every((share) => Math.abs(share / volume) <= 1);
}

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

  it("is the splats within a turned box, by a float64 solution for their coordinates along its edges", () => {
    const rng = createRng("turned boxes");
    for (let round = 0; round < 20; round++) {
      const min = [rng.range(-1, 0), rng.range(-1, 0), rng.range(-1, 0)] as const;
      const max = [rng.range(0.1, 1), rng.range(0.1, 1), rng.range(0.1, 1)] as const;
      const rotation = [rng.normal(), rng.normal(), rng.normal(), rng.normal()] as const;
      const points = Array.from({ length: 500 }, (): Point => [rng.normal(), rng.normal(), rng.normal()]);
      const cloud = pointScene([[NaN, 0, 0], ...points]);
      const mask = regionMask({ kind: "box", min, max, rotation }, cloud);
      expect([...mask]).toEqual(
        Array.from({ length: cloud.count }, (_, i) =>
          isWithin(min, max, rotation, [...cloud.means.subarray(3 * i, 3 * i + 3)] as unknown as Point)
            ? 1
            : 0,
        ),
      );
      expect(countMovable(mask)).toBeGreaterThan(0);
    }
  });

  it("is that of the box itself where nothing is turned, and of a box turned a quarter where two edges change places", () => {
    const box = { kind: "box", min: [-0.5, -1.5, -1], max: [1.5, 0.5, 1] } as const;
    expect(maskOf({ ...box, rotation: [2, 0, 0, 0] })).toEqual(maskOf(box));
    const quarter = [Math.SQRT1_2, 0, 0, Math.SQRT1_2] as const; // x to y; the middle is at (0.5, −0.5, 0)
    const flat = { ...box, min: [-2.5, -1, -1], max: [3.5, 0, 1], rotation: quarter } as const; // high, once turned
    expect(maskOf(flat)).toEqual([1, 1, 1, 0, 0]);
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
  [true, { kind: "box", min: [0, 0, 0], max: [1, 1, 1], rotation: [0.5, 0, 2, 0] }],
  [false, { kind: "box", min: [0, 0, 0], max: [1, 1, 1], rotation: [0, 0, 0, 0] }],
  [false, { kind: "box", min: [0, 0, 0], max: [1, 1, 1], rotation: [1, NaN, 0, 0] }],
  [false, { kind: "splats", indices: [] }],
])("makes sense: %s, %j", (fine, region) => {
  expect(regionProblem(region) === undefined).toBe(fine);
});
