import { describe, expect, test } from "vitest";
import { bestSize, createCallSizes } from "./batches.ts";
import type { CallLimits } from "./batches.ts";

test.each([
  { rows: 3, limit: Infinity, size: 3 },
  { rows: 3, limit: 2, size: 1 },
  { rows: 4, limit: 3, size: 2 },
  { rows: 5, limit: 4, size: 3 },
  { rows: 5, limit: 0, size: 1 },
])("$rows rows, at most $limit a call: $size each", ({ rows, limit, size }) => {
  expect(bestSize(rows, limit)).toBe(size);
});

const ROOMY = { batch: Infinity, together: Infinity };
const TIGHT = { batch: 3, together: 0 };

type Step = readonly [rows: number, leftOut: number];

/** Sizes of a run's calls, and how often the network was loaded for them. */
function run(limits: CallLimits, steps: readonly Step[]) {
  const next = createCallSizes(limits);
  const made: (number | undefined)[] = [];
  let loads = 0;
  const sizes = steps.map(([rows, leftOut]) => {
    const { size, second } = next(rows, leftOut);
    const at = Number(size === second);
    if (made[at] !== size) loads++;
    made[at] = size;
    return size;
  });
  const samples = sizes.reduce((sum, size, i) => sum + Math.ceil(steps[i]![0] / size) * size, 0);
  return { sizes, samples, loads };
}
const often = <T>(count: number, ...values: T[]): T[] => Array.from({ length: count }, () => values).flat();

describe("with a noise bank", () => {
  const MISS: Step = [3, 0];
  const HIT: Step = [2, 1];

  test.each<[string, CallLimits]>([
    ["room for one session", TIGHT],
    ["room for two", ROOMY],
  ])("%s: never more samples than without a bank", (_, limits) => {
    for (const steps of [often(50, MISS, HIT), [MISS, ...often(99, HIT)], [HIT, ...often(99, MISS)]]) {
      expect(run(limits, steps).samples).toBeLessThanOrEqual(3 * steps.length);
    }
  });

  test("calls are filled up where memory has no room for a second session", () => {
    expect(run(TIGHT, often(100, MISS, HIT))).toEqual({ sizes: Array(200).fill(3), samples: 600, loads: 1 });
    expect(run({ batch: Infinity, together: 4 }, often(100, MISS, HIT)).loads).toBe(1);
  });

  test("where it has, that is made once filling up has cost as much", () => {
    const { sizes, loads } = run(ROOMY, often(100, MISS, HIT));
    expect(loads).toBe(2);
    expect(sizes.slice(0, 63)).toEqual(Array(63).fill(3));
    expect(sizes.slice(-4)).toEqual([3, 2, 3, 2]);
  });

  test("one size goes on where the other would not do better", () => {
    expect(run({ batch: 1, together: 2 }, often(100, MISS, HIT)).sizes).toEqual(Array(200).fill(1));
  });
});

describe("when a method asks for another number of rows", () => {
  test("a slider that goes back and forth does not load the network each time", () => {
    expect(run(ROOMY, often<Step>(3, [3, 0], [4, 0])).loads).toBe(1);
  });

  test.each([
    [3, 4],
    [4, 3],
    [1, 3],
    [3, 1],
  ])("from %i to %i for long: the best size in the end, loaded once", (before, after) => {
    const { sizes, loads } = run(ROOMY, [[before, 0], ...often<Step>(99, [after, 0])]);
    expect([sizes[0], sizes.at(-1), loads]).toEqual([before, after, 2]);
  });

  test("the second size is given up with the first", () => {
    const steps = [...often<Step>(50, [3, 0], [2, 1]), ...often<Step>(50, [4, 0])];
    const { sizes } = run(ROOMY, [...steps, [2, 2]]);
    expect(sizes.slice(-2)).toEqual([4, 4]);
  });
});
