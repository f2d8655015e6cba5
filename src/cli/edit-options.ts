/** What `npm run edit` takes, and the settings it makes of it. */
import { Command, InvalidArgumentError, Option } from "commander";
import { viewSamplers } from "../camera/samplers/index.ts";
import { bridges } from "../diffusion/codecs/index.ts";
import { methods } from "../diffusion/methods/index.ts";
import type { PrecisionWish } from "../diffusion/precision.ts";
import { defaultPreset, presets } from "../diffusion/presets.ts";
import type { ModelFamily } from "../diffusion/presets.ts";
import { RUN_PARAMS } from "../edit/run-params.ts";
import { changed } from "../edit/settings-change.ts";
import type { SettingsChange } from "../edit/settings-change.ts";
import { settingsFromPreset } from "../edit/settings.ts";
import type { EditSettings } from "../edit/settings.ts";
import type { FreeU } from "../onnx/passes/free-u.ts";
import { ATTRIBUTES } from "../scene/attributes.ts";
import type { Attribute } from "../scene/attributes.ts";
import { EXIT } from "./exit.ts";
import { assigned, assignment, idOf, numberIn, numberList, sphere, upAxis } from "./values.ts";
import type { Assignment, Numbers } from "./values.ts";

/** The options as given; what was not given is undefined. */
export interface EditOptions {
  readonly source?: string;
  readonly target?: string;
  readonly negative?: string;
  readonly output?: string;
  readonly preset?: string;
  readonly method?: string;
  readonly param?: readonly Assignment[];
  readonly bridge?: string;
  readonly bridgeParam?: readonly Assignment[];
  readonly rate?: readonly Assignment[];
  readonly steps?: number;
  readonly timesteps?: Numbers;
  readonly seed?: number;
  readonly runParam?: readonly Assignment[];
  readonly resolution?: number;
  readonly views?: number;
  readonly viewsPerStep?: number;
  readonly viewParam?: readonly Assignment[];
  readonly region?: ReturnType<typeof sphere>;
  readonly focus?: ReturnType<typeof sphere>;
  readonly up?: "auto" | [number, number, number];
  readonly background?: Numbers;
  readonly model?: string;
  readonly encoder?: string;
  readonly freeu?: FreeU;
  readonly precision?: "fp16" | "fp32";
  readonly acceptLicence?: true;
  readonly provider: "auto" | "webgpu" | "wasm";
  readonly compute?: PrecisionWish;
  /** Gigabytes. */
  readonly memory?: number;
  readonly viewsOut?: string;
  readonly json?: string;
  readonly list?: true;
  readonly quiet?: true;
}

const EXAMPLES = `
Examples:
  Turn the apple of a demo scene blue, and keep everything else:
    npm run edit -- public/scenes/red-apple.ply -o blue.ply \\
      --source "a photo of a red apple on grass" --target "a photo of a blue apple on grass"

  The same, touching nothing outside of a ball around the apple, with pictures before and after:
    … --region 0,0.45,0,0.75 --views-out pictures

  Hold on to the scene more firmly, and repeat a run to the byte:
    … --method ssd --param wt=8 --param we=1 --seed 7

  Your own scene with Stable Diffusion, fetched once from the hub (needs a real GPU):
    npm run edit -- garden.ply --model nmkd/stable-diffusion-1.5-onnx-fp16 --preset ssd-official --resolution 512 \\
      --source "a photo of a garden" --target "a photo of a garden in autumn"

  The same from a folder on disk, in the layout of diffusers or optimum:
    … --model ~/models/sd15-onnx

  See every method, preset and bridge with its parameters:
    npm run edit -- --list

The embedded model knows a small world: one object on a ground. Describe the whole picture twice, as it is and as it
should be, and change only the words for what should change.
`;

const exitTable = (): string =>
  [
    "Exit codes:",
    ...Object.values(EXIT).map(({ code, means }) => `  ${String(code).padEnd(4)} ${means}`),
  ].join("\n");

/** The program's arguments; parsing throws commander's errors. */
export function editCommand(): Command {
  const whole = (min: number, max: number) => numberIn(min, max, true);
  return new Command("edit")
    .usage("<scene.ply> --source <words> --target <words> [options]")
    .description("Edits a 3D Gaussian splat scene from words, by score distillation.")
    .argument("[scene]", "splat scene to edit (.ply)")
    .optionsGroup("What to do:")
    .option("-s, --source <words>", "what the scene shows now")
    .option("-t, --target <words>", "what it shall show")
    .option("--negative <words>", "what it shall not show, for methods that listen to it")
    .option("-o, --output <file>", "edited scene (default: <scene>-edited.ply)")
    .option("--region <x,y,z,r>", "ball that may change; all outside stays as it is, to the bit", sphere)
    .optionsGroup("How to do it:")
    .option("--preset <id>", "starting point for all settings below", idOf(presets))
    .option("-m, --method <id>", "distillation rule", idOf(methods))
    .option("-p, --param <name=value>", "parameter of the method, repeatable", assignment)
    .option("--bridge <id>", "way from the latent's gradient to the picture's", idOf(bridges))
    .option("--bridge-param <name=value>", "parameter of the bridge, repeatable", assignment)
    .option("--rate <attribute=factor>", `factor on a learning rate (${ATTRIBUTES.join(", ")})`, assignment)
    .option("-n, --steps <number>", "steps to take", whole(1, 1_000_000))
    .option("--timesteps <min,max>", "range of noise levels to draw from", numberList(2))
    .option("--seed <number>", "repeats a run to the byte", whole(0, Number.MAX_SAFE_INTEGER))
    .option("--run-param <name=value>", "parameter of the run, repeatable", assignment)
    .optionsGroup("What it looks at:")
    .option("-r, --resolution <pixels>", "side of the training views", whole(64, 2048))
    .option("--views <number>", "places to look from", whole(1, 4096))
    .option("--views-per-step <number>", "views averaged in a step", whole(1, 64))
    .option("--view-param <name=value>", "parameter of the orbit, repeatable", assignment)
    .option("--focus <x,y,z,r>", "ball to look at (default: the region, or the scene's middle)", sphere)
    .option("--up <axis>", "the scene's up: +y, -y, +z, … or x,y,z (default: auto)", upAxis)
    .option("--background <r,g,b>", "colour behind the splats, 0 to 1", numberList(3))
    .optionsGroup("With what:")
    .option(
      "--model <model>",
      "folder, hub repository (owner/name), web address or id of the catalogue (default: the embedded one)",
    )
    .option("--encoder <encoder>", "in place of the model's own VAE, e.g. taesd; named as a model is")
    .option("--freeu <b1,b2,s1,s2>", "FreeU's factors on the UNet; for SD 1.5 1.5,1.6,0.9,0.2", freeUFactors)
    .addOption(
      new Option("--precision <name>", "edition to fetch where there are both").choices(["fp16", "fp32"]),
    )
    .option("--accept-licence", "agree to the licence of a model that is to be fetched")
    .option("--provider <name>", "where the model runs: auto, webgpu or wasm", provider, "auto")
    .addOption(
      new Option(
        "--compute <precision>",
        "what the UNet computes in (default: by the GPU and the weights)",
      ).choices(["auto", "float16", "float32"] satisfies PrecisionWish[]),
    )
    .option("--memory <gigabytes>", "what the model's networks may take together", numberIn(1, 1024))
    .optionsGroup("What to tell:")
    .option("--views-out <folder>", "pictures of the scene before and after, as PNG")
    .option("--json <file>", "report of the run")
    .option("--list", "show methods, presets and bridges with their parameters")
    .option("-q, --quiet", "no progress bar")
    .helpOption("-h, --help", "show this")
    .addHelpText("after", () => `${EXAMPLES}\n${exitTable()}`)
    .exitOverride();
}

function freeUFactors(word: string): FreeU {
  const [b1, b2, s1, s2] = numberList(4)(word) as [number, number, number, number];
  if (Math.min(b1, b2, s1, s2) < 0) throw new InvalidArgumentError("Expected factors of 0 or more.");
  return { b1, b2, s1, s2 };
}

function provider(word: string): EditOptions["provider"] {
  if (word === "auto" || word === "webgpu" || word === "wasm") return word;
  throw new InvalidArgumentError("Expected auto, webgpu or wasm.");
}

/** What the settings depend on of the model. */
export interface ModelFacts {
  readonly family: ModelFamily;
  /** Side of the pictures it was trained on. */
  readonly resolution: number;
}

/** The settings of a run with this model. Throws commander's errors. */
export function settingsOf(options: EditOptions, { family, resolution }: ModelFacts): EditSettings {
  const preset = options.preset ? presets.get(options.preset) : presetFor(options.method, family);
  const base = settingsFromPreset(preset);
  const method = options.method ?? base.method;
  const bridge = options.bridge ?? base.bridge;
  const sampler = viewSamplers.get(base.views.sampler);
  const params = assigned(methods.get(method).params, options.param ?? [], `Method “${method}”`);
  const bridgeParams = assigned(bridges.get(bridge).params, options.bridgeParam ?? [], `Bridge “${bridge}”`);
  const viewParams = assigned(sampler.params, options.viewParam ?? [], sampler.label);

  const change: SettingsChange = {
    ...given(options, ["source", "target", "negative", "steps", "seed", "viewsPerStep", "focus", "up"]),
    method,
    params,
    bridge,
    bridgeParams: { ...base.bridgeParams, ...bridgeParams },
    runParams: assigned(RUN_PARAMS, options.runParam ?? [], "A run"),
    learningRates: { ...base.learningRates, ...rates(options.rate ?? []) },
    views: {
      ...base.views,
      params: { ...base.views.params, ...viewParams },
      count: options.views ?? base.views.count,
    },
    size: options.resolution ?? resolution,
    ...(options.timesteps && {
      timesteps: { ...base.timesteps, min: options.timesteps[0]!, max: options.timesteps[1]! },
    }),
    ...(options.background && { background: options.background as unknown as EditSettings["background"] }),
    ...(options.region && { region: { kind: "sphere", ...options.region } }),
  };
  return changed(base, change);
}

/** The first preset of the family for a method, so that `--method dds` brings weights that go with it. */
function presetFor(method: string | undefined, family: ModelFamily) {
  const suits = presets.all.find((preset) => preset.method === method && preset.families.includes(family));
  return suits ?? defaultPreset(family);
}

function rates(assignments: readonly Assignment[]): Partial<Record<Attribute, number>> {
  const factor = numberIn(0, 1e6);
  return Object.fromEntries(
    assignments.map(({ name, value }) => {
      if (!ATTRIBUTES.includes(name as Attribute)) {
        throw new InvalidArgumentError(
          `There is no attribute “${name}”; there are ${ATTRIBUTES.join(", ")}.`,
        );
      }
      return [name, factor(value)];
    }),
  );
}

/** The named options that were given. */
function given<K extends keyof EditOptions>(
  options: EditOptions,
  keys: readonly K[],
): { [P in K]?: Exclude<EditOptions[P], undefined> } {
  const entries = keys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]);
  return Object.fromEntries(entries) as { [P in K]?: Exclude<EditOptions[P], undefined> };
}
