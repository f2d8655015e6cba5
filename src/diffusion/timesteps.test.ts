import { describe, expect, it, test } from "vitest";
import { createRng } from "../core/rng.ts";
import { createSchedule } from "./schedule.ts";
import { sampleTimestep, timestepFraction, timestepSamplers } from "./timesteps.ts";

const schedule = createSchedule();
const SD = { min: 20, max: 980 };
const IP2P = { min: 200, max: 900 };

const run = (id: string, steps: number, range: { min: number; max: number }, seed = "t"): number[] => {
  const rng = createRng(seed);
  return Array.from({ length: steps }, (_, step) =>
    sampleTimestep(timestepSamplers.get(id), schedule, { step, steps }, range, rng),
  );
};

describe("U23: the falling schedule of SSD", () => {
  test.each([
    ["Stable Diffusion", SD, [981, 501, 21]],
    ["InstructPix2Pix", IP2P, [901, 551, 201]],
  ] as const)("%s", (_name, range, [first, middle, last]) => {
    const ts = run("linear", 1500, range);
    expect([ts[0], ts[750], ts[1499]]).toEqual([first, middle, last]);
    expect(ts.every((t, i) => i === 0 || t <= ts[i - 1]!)).toBe(true);
  });

  it("is tied to the run's own number of steps", () => {
    const ts = run("linear", 200, SD);
    expect(ts[0]).toBe(981);
    expect(ts[100]).toBe(501);
    expect(ts[199]).toBe(25);
  });

  it("stays inside the schedule", () => {
    expect(Math.max(...run("linear", 10, { min: 0, max: 999 }))).toBe(999);
  });
});

describe("the uniform sampler", () => {
  it("covers its range, both ends included, and nothing else", () => {
    const ts = run("uniform", 20_000, { min: 50, max: 59 });
    const counts = Array.from({ length: 10 }, (_, i) => ts.filter((t) => t === 50 + i).length);
    expect(counts.reduce((a, b) => a + b)).toBe(20_000);
    // Five standard deviations of a binomial around 2000.
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(2000 * 0.9));
  });

  it("repeats with its seed", () => {
    expect(run("uniform", 50, SD, "a")).toEqual(run("uniform", 50, SD, "a"));
    expect(run("uniform", 50, SD, "a")).not.toEqual(run("uniform", 50, SD, "b"));
  });

  it("takes a range of one timestep", () => {
    expect(new Set(run("uniform", 20, { min: 300, max: 300 }))).toEqual(new Set([300]));
  });
});

test("t̄ is the scheduler index over the number of steps", () => {
  expect(timestepFraction(schedule, 981)).toBe(0.98);
  expect(timestepFraction(schedule, 21)).toBe(0.02);
  expect(timestepFraction(schedule, 0)).toBe(0);
});

test("a step outside the run and an inverted range are our mistakes", () => {
  const uniform = timestepSamplers.get("uniform");
  const rng = createRng(0);
  expect(() => sampleTimestep(uniform, schedule, { step: 5, steps: 5 }, SD, rng)).toThrow(/step: got 5/);
  expect(() => sampleTimestep(uniform, schedule, { step: 0, steps: 5 }, { min: 9, max: 3 }, rng)).toThrow(
    /range/,
  );
});
