import { CommanderError, InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { methods } from "../diffusion/methods/index.ts";
import { defaultPreset, presets } from "../diffusion/presets.ts";
import { settingsFromPreset } from "../edit/settings.ts";
import { editCommand, settingsOf } from "./edit-options.ts";
import type { EditOptions, ModelFacts } from "./edit-options.ts";
import { EXIT } from "./exit.ts";
import { listEverything } from "./list.ts";

const EMBEDDED: ModelFacts = { family: "embedded", resolution: 128 };
const parse = (...args: string[]) => {
  const command = editCommand().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  command.parse(["in.ply", ...args], { from: "user" });
  return { scene: command.args, options: command.opts<EditOptions>() };
};
const settings = (...args: string[]) => settingsOf(parse(...args).options, EMBEDDED);

describe("the arguments of an edit", () => {
  it("are the model's preset where nothing is said", () => {
    const preset = settingsFromPreset(defaultPreset("embedded"));
    expect(settings()).toEqual(preset);
    expect(settings("--source", "a", "--target", "b")).toEqual({ ...preset, source: "a", target: "b" });
    expect(settingsOf(parse().options, { family: "sd", resolution: 512 })).toEqual(
      settingsFromPreset(defaultPreset("sd")),
    );
  });

  it("take FreeU's factors, none below 0", () => {
    expect(parse("--freeu", "1.5,1.6,0.9,0.2").options.freeu).toEqual({ b1: 1.5, b2: 1.6, s1: 0.9, s2: 0.2 });
    for (const wrong of ["1,1,1", "1,1,1,-1", "1,1,1,x"])
      expect(() => parse("--freeu", wrong)).toThrow(CommanderError);
  });

  it("choose a preset, or the preset that suits a method", () => {
    expect(settings("--preset", "ssd-paper").params).toEqual(
      settingsFromPreset(presets.get("ssd-paper")).params,
    );
    expect(settings("--method", "pds")).toEqual(settingsFromPreset(presets.get("embedded-pds")));
    expect(settings("--method", "dds").params["scale"]).toBe(7.5);
  });

  it("set everything else one by one", () => {
    const all = settings(
      ...[
        "-m",
        "ssd",
        "-p",
        "wt=3",
        "-p",
        "we=1",
        "--bridge",
        "decode-residual",
        "--rate",
        "means=0",
        "-n",
        "20",
      ],
      ...["--timesteps", "100,900", "--seed", "5", "-r", "96", "--views", "7", "--views-per-step", "2"],
      ...["--view-param", "lowest=5", "--region", "0,1,2,0.5", "--focus", "1,1,1,2", "--up", "-z"],
      ...["--background", "1,0.5,0", "--negative", "n"],
    );
    const preset = settingsFromPreset(presets.get("embedded-ssd"));
    expect(all).toEqual({
      ...preset,
      negative: "n",
      params: { ...preset.params, wt: 3, we: 1 },
      bridge: "decode-residual",
      learningRates: { ...preset.learningRates, means: 0 },
      steps: 20,
      timesteps: { ...preset.timesteps, min: 100, max: 900 },
      seed: 5,
      size: 96,
      views: { ...preset.views, count: 7, params: { ...preset.views.params, lowest: 5 } },
      viewsPerStep: 2,
      region: { kind: "sphere", center: [0, 1, 2], radius: 0.5 },
      focus: { center: [1, 1, 1], radius: 2 },
      up: [0, 0, -1],
      background: [1, 0.5, 0],
    });
  });

  it.each([
    [["--method", "magic"], /one of: ssd, dds/],
    [["--preset", "magic"], /one of: embedded-ssd/],
    [["--bridge", "magic"], /one of: exact/],
    [["--steps", "0"], /whole number from 1/],
    [["--steps", "many"], /whole number/],
    [["--region", "1,2,3"], /4 numbers/],
    [["--up", "sideways"], /3 numbers/],
    [["--provider", "cuda"], /auto, webgpu or wasm/],
    [["--param", "wt"], /name=value/],
    [["--nonsense"], /unknown option/],
  ])("are refused in words: %j", (args, says) => {
    expect(() => parse(...args)).toThrow(CommanderError);
    expect(() => parse(...args)).toThrow(says);
  });

  it.each([
    [["--param", "wx=1"], /Method “ssd” has no parameter “wx”; it has wp, wt/],
    [["--param", "wt=999"], /number from 0 to/],
    [["--view-param", "height=1"], /Orbit has no parameter “height”/],
    [["--rate", "colour=1"], /no attribute “colour”/],
    [["--rate", "sh=-1"], /from 0 to/],
  ])("are refused in words once the method is known: %j", (args, says) => {
    expect(() => settings(...args)).toThrow(InvalidArgumentError);
    expect(() => settings(...args)).toThrow(says);
  });
});

describe("what the program tells", () => {
  it("is help with examples and every exit code", () => {
    let text = "";
    const command = editCommand().configureOutput({ writeOut: (part) => (text += part) });
    expect(() => command.parse(["--help"], { from: "user" })).toThrow(CommanderError);
    for (const { code, means } of Object.values(EXIT)) expect(text).toMatch(new RegExp(`${code} +${means}`));
    expect(text).toContain("--source");
    // Every example parses.
    const examples = [...text.replaceAll("\\\n", " ").matchAll(/npm run edit -- (.*)/g)].map(
      ([, args]) => args!,
    );
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const example of examples) {
      const words = [...example.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
      const { options } = parse(...words.slice(1));
      expect(() => settingsOf(options, EMBEDDED)).not.toThrow();
    }
  });

  it("lists every method, preset and parameter", () => {
    const text = listEverything();
    for (const { id, params } of methods.all) {
      for (const name of [id, ...Object.keys(params)]) expect(text).toMatch(new RegExp(`^ +${name} `, "m"));
    }
    for (const { id } of presets.all) expect(text).toContain(`  ${id}  `);
  });
});
