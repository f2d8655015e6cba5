import { describe, expect, it, test } from "vitest";
import { UserError } from "../core/errors.ts";
import { resolveParams } from "../core/params.ts";
import { methods } from "../diffusion/methods/index.ts";
import type { MemoryPlan } from "../diffusion/memory-plan.ts";
import type { PipelineInfo } from "../diffusion/pipeline.ts";
import { defaultPreset, presets } from "../diffusion/presets.ts";
import { createSchedule } from "../diffusion/schedule.ts";
import { applyChange, changed, LIVE, type SettingsChange } from "./settings-change.ts";
import { checkSettings, checkSuits, usesPrompt } from "./settings-check.ts";
import { settingsFromPreset, type EditSettings } from "./settings.ts";

const schedule = createSchedule();
/** Takes sizes from 64 to 256, of which the largest does not fit. */
const info = {
  ...{ family: "embedded", name: "open", resolution: 128, resolutions: [64, 128, 192, 256], isFixed: false },
  memory: [
    { side: 192, fits: true, says: "1 GB" } as MemoryPlan,
    { side: 256, fits: false, says: "needs 9.1 GB" } as MemoryPlan,
  ],
} as unknown as PipelineInfo;
const model = { schedule, info };
const PROMPTS = { source: "a red apple", target: "a blue apple" };
const settings: EditSettings = { ...settingsFromPreset(defaultPreset("embedded")), ...PROMPTS };

/** A working alternative for every setting. */
const OTHER: { readonly [K in keyof EditSettings]: EditSettings[K] } = {
  source: "an apple",
  target: "a pumpkin",
  negative: "blurry",
  method: "dds",
  params: { wp: 3 },
  bridge: "exact",
  bridgeParams: { eta: 0.02 },
  timesteps: { sampler: "linear", min: 20, max: 980 },
  steps: 77,
  learningRates: { means: 0, quaternions: 0, logScales: 0, opacityLogits: 0, sh: 1 },
  size: 192,
  viewsPerStep: 2,
  views: { sampler: "orbit", params: { arc: 90 }, count: 12 },
  focus: { center: [1, 2, 3], radius: 2 },
  up: [0, 0, 1],
  background: [1, 1, 1],
  region: { kind: "sphere", center: [0, 0, 0], radius: 1 },
  seed: 5,
  runParams: { noiseBank: 8 },
};
const KEYS = Object.keys(OTHER) as (keyof EditSettings)[];

test.each(presets.all.map((preset) => [preset.id, preset] as const))(
  "%s and two prompts make an edit",
  (_id, preset) => {
    const complete = { ...settingsFromPreset(preset), ...PROMPTS };
    expect(() => checkSettings(complete, schedule)).not.toThrow();
    expect(complete.params).toEqual(resolveParams(methods.get(preset.method).params, preset.params));
  },
);

describe("settings that make no sense are refused in words", () => {
  test.each<[string, SettingsChange]>([
    ["no target", { target: "  " }],
    ["no source", { source: "" }],
    ["the same words twice", { source: " a blue apple" }],
    ["an unknown method", { method: "magic" }],
    ["an unknown bridge", { bridge: "magic" }],
    ["an unknown timestep sampler", { timesteps: { sampler: "magic", min: 20, max: 30 } }],
    ["an unknown view sampler", { views: { sampler: "magic", params: {}, count: 3 } }],
    ["timesteps beyond the schedule", { timesteps: { sampler: "uniform", min: 20, max: 1000 } }],
    ["timesteps the wrong way round", { timesteps: { sampler: "uniform", min: 500, max: 20 } }],
    ["half a timestep", { timesteps: { sampler: "uniform", min: 20.5, max: 30 } }],
    ["no steps", { steps: 0 }],
    ["a size between two cells", { size: 100 }],
    ["no views", { views: { sampler: "orbit", params: {}, count: 0 } }],
    ["no view in a step", { viewsPerStep: 0 }],
    [
      "rates that are all 0",
      { learningRates: { means: 0, quaternions: 0, logScales: 0, opacityLogits: 0, sh: 0 } },
    ],
    ["a negative rate", { learningRates: { ...settings.learningRates, sh: -1 } }],
    ["a focus without a radius", { focus: { center: [0, 0, 0], radius: 0 } }],
    ["an up axis of zeros", { up: [0, 0, 0] }],
    ["a background brighter than white", { background: [2, 0, 0] }],
    ["a region without a radius", { region: { kind: "sphere", center: [0, 0, 0], radius: -1 } }],
    ["a seed that is no number", { seed: NaN }],
  ])("%s", (_what, change) => {
    const check = () => checkSettings(changed(settings, change), schedule);
    expect(check).toThrow(UserError);
    // A hint, always: it is what the user can do.
    expect.assertions(2);
    try {
      check();
    } catch (error) {
      expect((error as UserError).hint).not.toBe("");
    }
  });
});

test("a method that does not listen to the source's words does not need them", () => {
  const sds = changed(settings, { method: "sds", source: "" });
  expect(usesPrompt("source", sds, schedule)).toBe(false);
  for (const wn of [0, 1]) {
    const csd = changed(settings, { method: "csd", params: { wn } });
    expect(usesPrompt("negative", csd, schedule), `w_n ${wn}`).toBe(wn > 0);
  }
  expect(() => checkSettings(sds, schedule)).not.toThrow();
  const csd = changed(settings, { method: "csd", source: "", params: { wb: 0 } });
  expect(() => checkSettings(csd, schedule)).not.toThrow();
  expect(() => checkSettings(changed(csd, { params: { wb: 1 } }), schedule)).toThrow(UserError);
});

test("a model made for one size takes no other", () => {
  const made = { family: "sd", name: "fixed", resolution: 64 } as const;
  const check = (isFixed: boolean) => () => checkSuits({ method: "ssd", size: 128 }, { ...made, isFixed });
  expect(check(false)).not.toThrow();
  expect(check(true)).toThrow(/made for views of 64 pixels, not 128/);
});

describe("changes", () => {
  it("keep the parameters they do not name, and bring those they name into range", () => {
    const { params } = changed(settings, { params: { wt: 1, wp: 1e9, nonsense: 3 } });
    expect(params).toEqual({ wp: 20, wt: 1, we: 0, identity: 0 });
  });

  it("start another method from its own defaults", () => {
    const dds = changed(settings, { method: "dds", params: { scale: 3 } });
    expect(dds.params).toEqual({ scale: 3 });
    expect(changed(dds, { method: "pds" }).params).toEqual({ scale: 100, stride: 2 });
  });

  it("leave the settings they are made from alone", () => {
    const before = structuredClone(settings);
    applyChange(settings, { params: { wp: 1 }, steps: 10 }, model);
    expect(settings).toEqual(before);
  });
});

describe("while a run goes on", () => {
  test.each(KEYS.filter((key) => LIVE[key] === true))("%s may change", (key) => {
    const next = applyChange(settings, { [key]: OTHER[key] }, model);
    const isParams = /params$/i.test(key); // those not named keep their values
    expect(next[key]).toEqual(
      isParams ? { ...(settings[key] as object), ...(OTHER[key] as object) } : OTHER[key],
    );
  });

  test.each(KEYS.filter((key) => LIVE[key] !== true))("%s may not, and the reason is told", (key) => {
    const change = () => applyChange(settings, { [key]: OTHER[key] }, model);
    expect(change).toThrow(UserError);
    expect(change).toThrow(LIVE[key] as string);
  });

  it("takes a locked setting that is not changed at all", () => {
    expect(applyChange(settings, { ...settings, params: { wp: 2 } }, model).params.wp).toBe(2);
  });

  it("refuses what would be refused at the start", () => {
    expect(() => applyChange(settings, { target: "" }, model)).toThrow(UserError);
    expect(() => applyChange(settings, { method: "magic" }, model)).toThrow(/“magic”/);
    expect(() => applyChange(settings, { method: "sds-pix2pix" }, model)).toThrow(/cannot run with it/);
  });

  it("refuses sizes that the model cannot go on with, and says why", () => {
    const resize = (size: number) => () => applyChange(settings, { size }, model);
    expect(resize(192)).not.toThrow();
    expect(resize(80)).toThrow("open is not made for views of 80 pixels");
    expect(resize(256)).toThrow("Views of 256 pixels do not fit into memory: open needs 9.1 GB.");
    const fixed = { schedule, info: { ...info, isFixed: true } };
    expect(() => applyChange(settings, { size: 64 }, fixed)).toThrow(/made for views of 128 pixels, not 64/);
  });

  it("goes on at a size that only the start let pass", () => {
    const odd = { ...settings, size: 80 };
    expect(applyChange(odd, { ...odd, steps: 9 }, model)).toMatchObject({ size: 80, steps: 9 });
  });
});

test("settings survive being written down", () => {
  expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  expect(structuredClone(settings)).toEqual(settings);
});
