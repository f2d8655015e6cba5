import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { gpuTest } from "../gpu/testing.ts";
import { timeTrial, WARM_UP } from "./row.ts";

/** Timers may fire a little early. */
const NAP = WARM_UP.milliseconds + 20;

gpuTest("times as many calls as asked for, after warming up", async ({ gpu }) => {
  let calls = 0;
  const run = () => ++calls;
  const { first, samples, parts } = await timeTrial(gpu, { run }, 3);
  expect(samples).toHaveLength(3);
  // A busy machine may take so long over the queue that fewer calls warm it up.
  expect(calls).toBeGreaterThanOrEqual(WARM_UP.leastCalls + 3);
  expect(calls).toBeLessThanOrEqual(WARM_UP.mostCalls + 3);
  expect(first).toBeGreaterThan(0);
  expect(parts).toBeUndefined();
});

gpuTest("warms slow calls up less, and takes their parts with each sample", async ({ gpu }) => {
  let calls = 0;
  const slow = {
    run: async () => void (++calls, await setTimeout(NAP)),
    parts: () => ({ nap: calls }),
  };
  const { samples, parts } = await timeTrial(gpu, slow, 2);
  expect(calls).toBe(WARM_UP.leastCalls + 2);
  expect(parts).toEqual([{ nap: calls - 1 }, { nap: calls }]);
  for (const time of samples) expect(time).toBeGreaterThan(WARM_UP.milliseconds);
});

gpuTest("times one call when told to stop at once", async ({ gpu }) => {
  let calls = 0;
  const { samples } = await timeTrial(gpu, { run: () => ++calls }, 5, () => false);
  expect(samples).toHaveLength(1);
  expect(calls).toBe(2);
});
