import { describe, expect, it } from "vitest";
import { createRng } from "../core/rng.ts";
import { KdTree } from "./kd-tree.ts";

const rng = createRng("kd-tree");
const CLOUDS: Readonly<Record<string, Float32Array>> = {
  "a cloud": Float32Array.from({ length: 3 * 500 }, () => rng.normal()),
  "a plane with many equal coordinates": Float32Array.from({ length: 3 * 400 }, (_, i) =>
    i % 3 === 1 ? 0 : rng.int(8),
  ),
  "one place": new Float32Array(3 * 100),
  "a few points": Float32Array.from({ length: 9 }, () => rng.normal()),
  nothing: new Float32Array(0),
};

describe.each(Object.entries(CLOUDS))("a tree of %s", (_name, points) => {
  const tree = new KdTree(points);
  const count = points.length / 3;
  const distancesFrom = (x: number, y: number, z: number): number[] =>
    Array.from({ length: count }, (_, i) =>
      Math.hypot(points[3 * i]! - x, points[3 * i + 1]! - y, points[3 * i + 2]! - z),
    );
  const queries = Array.from({ length: 40 }, () => [rng.normal(), rng.normal(), rng.normal()] as const);

  it("finds what lies within a radius", () => {
    for (const query of queries) {
      const found: number[] = [];
      tree.within(...query, 0.7, (id) => found.push(id));
      const expected = distancesFrom(...query).flatMap((distance, i) => (distance <= 0.7 ? [i] : []));
      expect(found.sort((a, b) => a - b)).toEqual(expected);
    }
  });

  it("takes each point once", () => {
    const emptied = new KdTree(points);
    const taken = new Set<number>();
    for (const query of [...queries, [0, 0, 0] as const]) {
      const radius = query[0] === 0 ? 1e3 : 0.7;
      const found: number[] = [];
      emptied.take(...query, radius, (id) => found.push(id));
      const expected = distancesFrom(...query).flatMap((d, i) => (d <= radius && !taken.has(i) ? [i] : []));
      expect(found.sort((a, b) => a - b)).toEqual(expected);
      for (const id of found) taken.add(id);
    }
    expect(taken.size).toBe(count);
  });

  it("finds the nearest, and nothing beyond its reach", () => {
    for (const query of queries) {
      const expected = Math.min(Infinity, ...distancesFrom(...query));
      expect(tree.nearest(...query)).toBeCloseTo(expected, 6);
      expect(tree.nearest(...query, expected * 0.99)).toBe(expected > 0 ? Infinity : 0);
    }
  });

  it("finds everybody's k-th neighbour", () => {
    const found = tree.kthDistances(5);
    for (let i = 0; i < count; i++) {
      const others = distancesFrom(points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!);
      others.splice(i, 1);
      const expected = others.sort((a, b) => a - b)[4] ?? Infinity;
      expect(found[i]).toBeCloseTo(expected, 5);
    }
  });
});
