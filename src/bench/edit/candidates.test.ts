import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { UserError } from "../../core/errors.ts";
import { methodsFor } from "../../diffusion/presets.ts";
import { createSchedule } from "../../diffusion/schedule.ts";
import { checkSettings } from "../../edit/settings-check.ts";
import { parseSweep, presetCandidates, sweepCandidates } from "./candidates.ts";
import type { Variation } from "./candidates.ts";

const ids = (candidates: readonly { readonly id: string }[]) => candidates.map(({ id }) => id);
const sweep = (...variations: Variation[]) => sweepCandidates("embedded", variations);

describe("presets", () => {
  it("bring every method there is, or those asked for by method or preset", () => {
    const all = presetCandidates("embedded");
    expect(new Set(all.map(({ method }) => method))).toEqual(methodsFor("embedded"));
    expect(ids(presetCandidates("embedded", ["dds", "embedded-csd"]))).toEqual([
      "embedded-dds",
      "embedded-csd",
    ]);
  });

  it("are of the model's family", () => {
    expect(() => presetCandidates("embedded", ["ssd-paper"])).toThrow(UserError);
    expect(ids(presetCandidates("sd", ["ssd-paper"]))).toEqual(["ssd-paper"]);
  });
});

describe("a sweep", () => {
  it("tries all combinations, each named by what it sets", () => {
    const tried = sweep({
      preset: "embedded-ssd",
      values: { "params.wt": [4, 6], steps: 100, "timesteps.max": [700, 900] },
    });
    expect(ids(tried)).toEqual([
      "embedded-ssd wt=4 steps=100 timesteps.max=700",
      "embedded-ssd wt=4 steps=100 timesteps.max=900",
      "embedded-ssd wt=6 steps=100 timesteps.max=700",
      "embedded-ssd wt=6 steps=100 timesteps.max=900",
    ]);
    const [base] = presetCandidates("embedded", ["embedded-ssd"]);
    expect(tried[1]!.settings).toEqual({
      ...base!.settings,
      params: { ...base!.settings.params, wt: 4 },
      steps: 100,
      timesteps: { ...base!.settings.timesteps, max: 900 },
    });
  });

  it("may change the method or bridge together with their parameters", () => {
    const [one] = sweep({ preset: "embedded-ssd", values: { method: "dds", "params.scale": 5 } });
    expect(one).toMatchObject({ method: "dds", settings: { method: "dds", params: { scale: 5 } } });
  });

  it("with nothing to set is the preset", () => {
    expect(sweep({ preset: "embedded-ssd", values: {} })).toEqual(
      presetCandidates("embedded", ["embedded-ssd"]),
    );
  });

  it.each<[string, Variation["values"]]>([
    ["a parameter that there is not", { "params.wz": 1 }],
    ["a parameter out of its range", { "params.wt": 99 }],
    ["an attribute that there is not", { "learningRates.color": 1 }],
    ["a setting that is the bench's own", { seed: 3 }],
    ["a setting that there is not", { speed: 3 }],
    ["a part of a part", { "views.params.fov": 3 }],
  ])("refuses %s", (_, values) => {
    expect(() => sweep({ preset: "embedded-ssd", values })).toThrow(UserError);
  });

  it("refuses the same settings twice", () => {
    const values = { steps: 100 };
    expect(() => sweep({ preset: "embedded-ssd", values }, { preset: "embedded-ssd", values })).toThrow(
      "twice",
    );
  });

  it("is read from a list, and nothing else", () => {
    expect(parseSweep('[{"preset": "a", "values": {"steps": [1, 2]}}]')).toHaveLength(1);
    for (const text of [
      "",
      "[]",
      "{}",
      '[{"preset": "a"}]',
      '[{"preset": "a", "values": {"steps": null}}]',
    ]) {
      expect(() => parseSweep(text)).toThrow(UserError);
    }
  });
});

const sweeps = join(import.meta.dirname, "sweeps");
test.each(readdirSync(sweeps))("the variations of %s are edits that can be run", (file) => {
  const candidates = sweepCandidates("embedded", parseSweep(readFileSync(join(sweeps, file), "utf8")));
  expect(candidates.length).toBeGreaterThan(1);
  for (const { settings } of candidates) {
    expect(() => checkSettings({ ...settings, source: "a", target: "b" }, createSchedule())).not.toThrow();
  }
});
