import { describe, expect, it, test } from "vitest";
import { createRng } from "../core/rng.ts";
import { boxSphere, focusSphere, robustBox, samplePoints, weightedQuantile, type Point } from "./bounds.ts";
import { pointScene, shapes } from "./testing/point-scene.ts";

const rng = createRng("bounds test");
const sampleOf = (points: readonly Point[]) => samplePoints(pointScene(points))!;
const object = shapes.ball(rng, 3000, [1, 0.5, -2], 0.5);
const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

function expectBox(points: readonly Point[], min: Point, max: Point, slack: number): void {
  const box = robustBox(sampleOf(points));
  box.min.forEach((value, axis) => expect(Math.abs(value - min[axis]!)).toBeLessThan(slack));
  box.max.forEach((value, axis) => expect(Math.abs(value - max[axis]!)).toBeLessThan(slack));
}

describe("the robust box", () => {
  it("is an object's own box", () => {
    expectBox(object, [0.5, 0, -2.5], [1.5, 1, -1.5], 0.03);
  });

  it("ignores floaters and a sky", () => {
    const strays = [...shapes.floaters(rng, 60, 300), ...shapes.sky(rng, 1200, 80)];
    expectBox([...object, ...strays], [0.5, 0, -2.5], [1.5, 1, -1.5], 0.05);
  });

  it("counts splats by their opacity", () => {
    const faint = pointScene([...object, ...shapes.ball(rng, 3000, [3, 0.5, -2], 0.5)]);
    faint.opacityLogits.fill(-9, 3000);
    expect(robustBox(samplePoints(faint)!).max[0]).toBeLessThan(1.6);
  });

  it("holds a single splat", () => {
    const box = robustBox(sampleOf([[1, 2, 3]]));
    [0.99, 1.99, 2.99].forEach((value, axis) => expect(box.min[axis]).toBeCloseTo(value, 6));
    [1.01, 2.01, 3.01].forEach((value, axis) => expect(box.max[axis]).toBeCloseTo(value, 6));
    expect(boxSphere(box).radius).toBeCloseTo(0.01 * Math.sqrt(3), 6);
  });
});

describe("the focus", () => {
  it("holds a lone object", () => {
    const { center, radius } = focusSphere(sampleOf(object));
    expect(distance(center, [1, 0.5, -2])).toBeLessThan(0.1);
    expect(radius).toBeGreaterThan(0.45);
    expect(radius).toBeLessThan(0.65);
  });

  it("stays with the denser middle of an object in its surroundings", () => {
    const scene = [
      ...shapes.ball(rng, 4000, [0, 0.5, 0], 0.5),
      ...shapes.ground(rng, 3000, 0, 2.5),
      ...shapes.ground(rng, 2000, 0, 12),
      ...shapes.sky(rng, 1500, 40),
    ];
    const { center, radius } = focusSphere(sampleOf(scene));
    expect(distance(center, [0, 0.3, 0])).toBeLessThan(0.3);
    expect(radius).toBeGreaterThan(0.5);
    expect(radius).toBeLessThan(2.5);
  });

  it("has a size that can be told from nothing, however far away", () => {
    for (const x of [0, 1e6, 1e30]) {
      const { center, radius } = focusSphere(sampleOf([[x, 0, 0]]));
      expect(Math.fround(center[0] + radius)).toBeGreaterThan(center[0]);
    }
  });
});

describe("the sample", () => {
  it("leaves out splats that are not finite", () => {
    const splats = pointScene([
      [NaN, 0, 0],
      [1, 1, 1],
      [2, Infinity, 2],
    ]);
    expect(samplePoints(splats)!.points).toEqual(Float32Array.of(1, 1, 1));
  });

  it("has splats that are wholly opaque, and none that are wholly transparent", () => {
    const splats = pointScene([
      [1, 1, 1],
      [2, 2, 2],
      [3, 3, 3],
    ]);
    splats.opacityLogits.set([Infinity, -Infinity, NaN]);
    const { points, weights } = samplePoints(splats)!;
    expect([points, weights]).toEqual([Float32Array.of(1, 1, 1), Float32Array.of(1)]);
  });

  it("is undefined where nothing is left", () => {
    expect(samplePoints(pointScene([]))).toBeUndefined();
    expect(samplePoints(pointScene([[1, 1, 1]]), () => false)).toBeUndefined();
  });

  it("keeps every splat of a small region in a large scene", () => {
    const splats = pointScene(shapes.ball(rng, 60_000, [0, 0, 0], 1));
    expect(samplePoints(splats, (i) => i >= 59_990)!.weights).toHaveLength(10);
    expect(samplePoints(splats)!.weights).toHaveLength(20_000);
  });
});

test("a weighted quantile is where the weight is reached", () => {
  const values = Float32Array.of(30, 10, 20, 99);
  const weights = Float32Array.of(1, 1, 2, 0);
  expect([0, 0.25, 0.26, 0.75, 0.76, 1].map((share) => weightedQuantile(values, weights, share))).toEqual([
    10, 10, 20, 20, 30, 30,
  ]);
});
