import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { gpuTest } from "../gpu/testing.ts";
import { Laps } from "./laps.ts";

const NAP = 20;
/** Timers may fire a little early. */
const LEAST = NAP - 2;

gpuTest("divides work into spans that add up, and begins anew", async ({ gpu }) => {
  const laps = new Laps<"sleep" | "end">(gpu);
  const sleep = laps.timed("sleep", async (dreams: string) => {
    await setTimeout(NAP);
    return `slept with ${dreams}`;
  });

  const begun = performance.now();
  laps.start();
  expect(await sleep("sheep")).toBe("slept with sheep");
  await sleep("goats");
  await setTimeout(NAP);
  await laps.finish("end");
  const whole = performance.now() - begun;

  const { sleep: slept, end } = laps.times;
  expect(slept).toBeGreaterThan(2 * LEAST);
  expect(end).toBeGreaterThan(LEAST);
  expect(slept! + end!).toBeLessThanOrEqual(whole);

  laps.start();
  expect(laps.times).toEqual({});
});
