import { describe, expect, it } from "vitest";
import { resolveParams } from "../core/params.ts";
import { methods } from "../diffusion/methods/index.ts";
import { presets } from "../diffusion/presets.ts";
import { createSchedule } from "../diffusion/schedule.ts";
import { checkSettings } from "../edit/settings-check.ts";
import type { EditSettings } from "../edit/settings.ts";
import { RATE_PARAMS, TIMESTEP_PARAMS } from "../edit/training-params.ts";
import type { Sphere } from "../scene/bounds.ts";
import type { PipelineInfo } from "../worker/protocol.ts";
import type { DemoScene } from "./demo-scenes.ts";
import {
  axisName,
  describeChange,
  emptyForm,
  forModel,
  forScene,
  forSuggestion,
  liveChange,
  toSettings,
  UP_AXES,
  withFocusMoved,
  withMethod,
  withPreset,
  withTimestep,
  type EditForm,
} from "./form.ts";

const filled = { ...emptyForm(), source: "a red apple", target: "a blue apple", seed: 7, steps: 12 };
const scene = {
  name: "apple.ply",
  count: 1,
  shDegree: 0,
  focus: { center: [0, 0, 0], radius: 2 },
  up: [0, 1, 0],
  warnings: [],
} as const;

describe("the form", () => {
  it("makes settings that the engine accepts, from every preset", () => {
    for (const preset of presets.all) {
      const settings = toSettings(withPreset(filled, preset)) as EditSettings; // whose region is everything
      expect(() => checkSettings(settings, createSchedule())).not.toThrow();
      expect(settings).not.toHaveProperty("preset");
    }
  });

  it("keeps words, seed and view size when a preset is chosen, and takes the rest from it", () => {
    const preset = presets.get("ssd-official");
    const form = withPreset({ ...filled, size: 256 }, preset);
    expect(form).toMatchObject({ source: "a red apple", seed: 7, size: 256, preset: "ssd-official" });
    expect(form.steps).toBe(preset.steps);
    expect(form.params).toEqual(preset.params);
  });

  it("finds a preset of the same model family for every method", () => {
    for (const { id } of methods.all) {
      const form = withMethod(filled, id);
      expect(form.method).toBe(id);
      expect(presets.get(form.preset).families).toContain("embedded");
    }
  });

  it("takes an edit to try with the preset that the model advises, unless the user chose another", () => {
    const model = {
      family: "embedded",
      advice: [{ words: ["apple", "duck"], preset: "embedded-ssd-shape" }],
    } as const;
    const region = { kind: "all" } as const;
    const duck = { source: "a red apple", target: "a red duck", region };
    const shape = forSuggestion({ ...filled, seed: 9 }, duck, model);
    const { params, learningRates } = presets.get("embedded-ssd-shape");
    expect(shape).toMatchObject({ ...duck, params, learningRates, seed: 9, preset: "embedded-ssd-shape" });

    const blue = { source: "a red apple", target: "a blue apple", region };
    expect(forSuggestion(shape, blue, model)).toEqual({ ...filled, ...blue, seed: 9, steps: shape.steps });
    const tuned = { ...filled, params: { ...filled.params, wp: 9 } };
    expect(forSuggestion(tuned, blue, model)).toEqual({ ...tuned, ...blue });
    const other = withMethod(filled, "dds");
    expect(forSuggestion(other, duck, model)).toEqual({ ...other, ...duck });
  });

  it("suits a model of another family, and leaves what the user chose otherwise", () => {
    const sd = { resolution: 512, resolutions: [256, 512], family: "sd", memory: [] } as const;
    expect(forModel(filled, sd)).toMatchObject({ preset: "ssd-official", size: 512, seed: 7 });
    const mini = { resolution: 128, resolutions: [128, 256], family: "embedded", memory: [] } as const;
    expect(forModel({ ...filled, size: 256 }, mini)).toEqual({ ...filled, size: 256 });
  });

  it("does not stay at a size that does not fit into memory", () => {
    const memory = [
      [256, true],
      [384, true],
      [512, false],
    ].map(([side, fits]) => ({ side, fits }) as PipelineInfo["memory"][number]);
    const sd = { resolution: 512, resolutions: [256, 384, 512], family: "sd", memory } as const;
    expect(forModel({ ...filled, size: 512 }, sd).size).toBe(384);
    expect(forModel({ ...filled, size: 256 }, sd).size).toBe(256);
    const none = memory.map((plan) => ({ ...plan, fits: false }));
    expect(forModel(filled, { ...sd, memory: none }).size).toBe(512);
  });

  it("forgets where another scene's object was", () => {
    const object = { center: [1, 0, 0], radius: 1 } as const;
    const form = { ...filled, up: [0, 0, 1] as const, region: { kind: "sphere", ...object } as const };
    expect(forScene(form, scene, [])).toMatchObject({ up: "auto", focus: "auto", region: { kind: "all" } });
    expect(forScene(form, { ...scene, region: object }, [])).toMatchObject({ focus: object });
  });

  it("keeps the user's words for another scene, and forgets those of a demo", () => {
    const [source, target] = ["a photo of a red apple on grass", "a photo of a blue apple on grass"];
    const demo = { source, edits: [{ source, target }] } as unknown as DemoScene;
    const wordsFor = (words: Partial<EditForm>) => {
      const form = forScene({ ...filled, source, target, ...words }, scene, [demo]);
      return [form.source, form.target];
    };
    expect(wordsFor({})).toEqual(["", ""]);
    expect(wordsFor({ source: "a photo of my cup" })).toEqual(["a photo of my cup", ""]);
    expect(wordsFor({ target: "a photo of a bronze cup" })).toEqual(["", "a photo of a bronze cup"]);
  });

  it("goes along with the object when everything is moved, and leaves what is elsewhere", () => {
    const [from, to] = [0, 5].map((x) => ({ center: [x, 0, 0] as const, radius: 1 })) as [Sphere, Sphere];
    const form = { ...filled, focus: from, region: { kind: "sphere", ...from } as const };
    expect(withFocusMoved(form, from, to)).toEqual({ ...form, focus: to, region: { kind: "sphere", ...to } });
    const elsewhere = { ...form, focus: "auto", region: { kind: "sphere", ...from, radius: 2 } } as const;
    expect(withFocusMoved(elsewhere, from, to)).toEqual(elsewhere);
  });

  it("sends to a running edit only what it can follow", () => {
    const params = { wp: 3 };
    expect(liveChange({ params, steps: 5, seed: 1, size: 64, preset: "ssd-official" })).toEqual({
      params,
      steps: 5,
      size: 64,
    });
  });

  it("names what changed in the words of the form", () => {
    const after = { ...filled, steps: 300, params: { ...filled.params, wp: 12.5 } };
    expect(describeChange(filled, after)).toBe("Steps 300, Cross-prompt 12.5");
    expect(describeChange(filled, filled)).toBe("");
    expect(describeChange(filled, { ...filled, size: 256, viewsPerStep: 4 })).toBe(
      "View size 256, Views a step 4",
    );
    const timesteps = { ...filled.timesteps, max: 500 };
    const learningRates = { ...filled.learningRates, means: 0 };
    const bridgeParams = { eta: 0.02 };
    expect(describeChange(filled, { ...filled, timesteps, learningRates, bridgeParams })).toMatch(
      /^Latent step . 0\.02, Timesteps to 500, Rate of positions 0$/u,
    );
  });

  it("moves both ends of the noise levels rather than turn them around", () => {
    const timesteps = { sampler: "uniform", min: 20, max: 980 };
    expect(withTimestep(timesteps, "min", 300)).toEqual({ ...timesteps, min: 300 });
    expect(withTimestep(timesteps, "max", 10)).toEqual({ ...timesteps, min: 10, max: 10 });
    expect(withTimestep({ ...timesteps, max: 500 }, "min", 600)).toMatchObject({ min: 600, max: 600 });
  });

  it("gives every preset's noise levels and rates room in the form", () => {
    for (const { timesteps, learningRates } of presets.all) {
      const { min, max } = timesteps;
      expect(resolveParams(TIMESTEP_PARAMS, { min, max })).toEqual({ min, max });
      expect(resolveParams(RATE_PARAMS, learningRates)).toEqual(learningRates);
    }
  });

  it("knows its axes by name", () => {
    for (const [name, up] of Object.entries(UP_AXES)) expect(axisName(up)).toBe(name);
    expect(axisName([0, 0.6, 0.8])).toBeUndefined();
  });
});
