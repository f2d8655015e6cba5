import { describe, expect, it, test } from "vitest";
import { methods } from "./methods/index.ts";
import { slotParts } from "./methods/method.ts";
import { defaultPreset, methodsFor, presets } from "./presets.ts";
import { createSchedule } from "./schedule.ts";
import { timestepSamplers } from "./timesteps.ts";

const schedule = createSchedule();

describe.each(presets.all.map((preset) => [preset.id, preset] as const))("%s", (_id, preset) => {
  it("draws timesteps that its schedule has", () => {
    const { sampler, min, max } = preset.timesteps;
    expect(timestepSamplers.has(sampler)).toBe(true);
    expect(min >= 0 && min <= max && max < schedule.steps).toBe(true);
  });

  it("runs for a while, at positive rates", () => {
    expect(preset.steps).toBeGreaterThan(0);
    expect(Object.values(preset.learningRates).every((rate) => rate > 0)).toBe(true);
  });
});

test("each family has a preset for every method that suits it, SSD first", () => {
  const needsImage = ({ uses }: (typeof methods.all)[number]): boolean =>
    uses({}, 500, schedule).some((slot) => slotParts(slot).image);
  for (const family of ["embedded", "sd", "pix2pix"] as const) {
    expect(defaultPreset(family).method).toMatch(/^ssd/);
    const suiting = methods.all.filter((method) => needsImage(method) === (family === "pix2pix"));
    expect(methodsFor(family)).toEqual(new Set(suiting.map(({ id }) => id)));
  }
});
