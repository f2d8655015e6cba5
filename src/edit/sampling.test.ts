import { describe, expect, it } from "vitest";
import { defaultPreset } from "../diffusion/presets.ts";
import { createSchedule } from "../diffusion/schedule.ts";
import { bankedTimestep } from "./noise-bank.ts";
import { drawStep, type Draw, type DrawContext } from "./sampling.ts";
import { settingsFromPreset, type EditSettings } from "./settings.ts";

const context: DrawContext = { schedule: createSchedule(), viewCount: 7, latentShape: [4, 16, 16] };
const settings: EditSettings = { ...settingsFromPreset(defaultPreset("embedded")), steps: 50, seed: 3 };
/** All of a run's draws; with as many views in each step as `viewsAt` says. */
function run(given = settings, steps = 50, viewsAt = (_step: number): number => given.viewsPerStep): Draw[] {
  const draws: Draw[] = [];
  for (let step = 0; step < steps; step++) {
    const now = { ...given, viewsPerStep: viewsAt(step) };
    draws.push(...drawStep({ step, drawn: draws.length }, now, context));
  }
  return draws;
}
const FIRST = { step: 0, drawn: 0 };

describe("a run's draws", () => {
  it("repeat with the seed, and with it alone", () => {
    expect(run()).toEqual(run());
    const other = run({ ...settings, seed: 4 });
    for (const part of ["view", "t"] as const) {
      expect(other.map((draw) => draw[part])).not.toEqual(run().map((draw) => draw[part]));
    }
    expect(other[0]!.noise.data).not.toEqual(run()[0]!.noise.data);
  });

  it("do not depend on the draws before them", () => {
    expect(drawStep({ step: 31, drawn: 31 }, settings, context)).toEqual([run()[31]]);
  });

  it("move in nothing but the timestep when its sampler changes half way", () => {
    const before = run();
    const after = run({ ...settings, timesteps: { sampler: "linear", min: 20, max: 980 } });
    expect(after.map(({ view }) => view)).toEqual(before.map(({ view }) => view));
    expect(after[30]!.noise).toEqual(before[30]!.noise);
    expect(after.map(({ t }) => t)).not.toEqual(before.map(({ t }) => t));
  });

  it("do not move when weights change half way", () => {
    expect(
      run({ ...settings, params: { wp: 1 }, learningRates: { ...settings.learningRates, sh: 0 } }),
    ).toEqual(run());
  });

  it("show every view once before any a second time, in another order each round", () => {
    const views = run().map(({ view }) => view);
    const rounds = [0, 1, 2, 3].map((round) => views.slice(7 * round, 7 * round + 7));
    for (const round of rounds) expect([...round].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(1);
  });

  it("go on with the round when the number of views in a step changes", () => {
    const viewsAt = (step: number): number => (step < 5 ? 1 : step < 9 ? 3 : 2);
    const mixed = run(settings, 20, viewsAt);
    const views = mixed.map(({ view }) => view);
    expect(views).toEqual(run(settings, views.length).map(({ view }) => view));
    expect(mixed.slice(0, 5)).toEqual(run(settings, 5));
    const drawn = (step: number): number =>
      Array.from({ length: step }, (_, i) => viewsAt(i)).reduce((a, b) => a + b, 0);
    const [mixedNoise, plainNoise] = [mixed[drawn(12)]!, run(settings, 20)[12]!];
    expect([mixedNoise.t, mixedNoise.noise]).toEqual([plainNoise.t, plainNoise.noise]);
  });

  it("give each view of a step noise and a timestep of its own", () => {
    const draws = drawStep(FIRST, { ...settings, viewsPerStep: 3 }, context);
    expect(new Set(draws.map(({ view }) => view)).size).toBe(3);
    expect(new Set(draws.map(({ t }) => t)).size).toBe(3);
    expect(draws[0]!.noise.data).not.toEqual(draws[1]!.noise.data);
  });

  it("keep to the range of timesteps", () => {
    const ts = run({ ...settings, timesteps: { sampler: "uniform", min: 300, max: 310 } }).map(({ t }) => t);
    expect(Math.min(...ts)).toBeGreaterThanOrEqual(300);
    expect(Math.max(...ts)).toBeLessThanOrEqual(310);
  });

  describe("from a noise bank", () => {
    const LEVELS = 4;
    const banked = run({ ...settings, steps: 200, runParams: { noiseBank: LEVELS } }, 200);
    const places = new Map(banked.map((draw) => [`${draw.view}/${draw.t}`, draw.noise]));

    it("come from few places, each with noise of its own that comes again", () => {
      expect(new Set(banked.map(({ t }) => t)).size).toBe(LEVELS);
      expect(places.size).toBe(LEVELS * context.viewCount);
      expect(new Set([...places.values()].map(({ data }) => data[0])).size).toBe(places.size);
      for (const { view, t, noise } of banked) {
        const { data } = places.get(`${view}/${t}`)!;
        expect(noise.data.every((value, i) => value === data[i])).toBe(true);
      }
    });

    it("visit the same views, and the level that the fresh timestep falls into", () => {
      const fresh = run({ ...settings, steps: 200 }, 200);
      expect(banked.map(({ view }) => view)).toEqual(fresh.map(({ view }) => view));
      const { min, max } = settings.timesteps;
      const half = Math.ceil((max - min + 1) / LEVELS / 2);
      banked.forEach(({ t }, i) => expect(Math.abs(t - fresh[i]!.t)).toBeLessThanOrEqual(half));
    });

    it("keep to the range, with as many levels as timesteps or with one", () => {
      const ts = [30, 31, 32, 33];
      const range = { min: 30, max: 33 };
      expect(ts.map((t) => bankedTimestep(t, range, 4))).toEqual(ts);
      expect(ts.map((t) => bankedTimestep(t, range, 64))).toEqual(ts);
      expect(ts.map((t) => bankedTimestep(t, range, 1))).toEqual([32, 32, 32, 32]);
      expect(bankedTimestep(34, range, 2)).toBe(33); // the linear sampler goes one beyond
    });
  });

  it("have standard normal noise", () => {
    const values = run()
      .slice(0, 20)
      .flatMap(({ noise }) => [...noise.data]);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // 20,480 values: five standard errors.
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(values.length));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / values.length));
    expect(drawStep(FIRST, settings, context)[0]!.noise.shape).toEqual([4, 16, 16]);
  });
});
