/** Everything that decides an edit, as plain data: what a form holds, a command line gives and a file can keep. */
import type { Vec3 } from "../camera/camera.ts";
import { viewSamplers } from "../camera/samplers/index.ts";
import { resolveParams, type AnyValues } from "../core/params.ts";
import { bridges } from "../diffusion/codecs/index.ts";
import { methods } from "../diffusion/methods/index.ts";
import type { LearningRateScales, ModelFamily, Preset } from "../diffusion/presets.ts";
import type { Sphere } from "../scene/bounds.ts";
import { EVERYTHING, type Region } from "./mask.ts";
import { RUN_PARAMS } from "./run-params.ts";

export interface EditSettings {
  /** What the scene shows now, what it shall show, and what it shall not. */
  readonly source: string;
  readonly target: string;
  readonly negative: string;
  readonly method: string;
  readonly params: AnyValues;
  readonly bridge: string;
  readonly bridgeParams: AnyValues;
  readonly timesteps: Preset["timesteps"];
  readonly steps: number;
  readonly learningRates: LearningRateScales;
  /** Side of the training views, pixels. */
  readonly size: number;
  /** How many views' gradients are averaged in a step. */
  readonly viewsPerStep: number;
  readonly views: { readonly sampler: string; readonly params: AnyValues; readonly count: number };
  /** What views look at; by itself the region, or where the scene is. */
  readonly focus: "auto" | Sphere;
  /** The scene's up; by itself what its file says, or a guess from its splats. */
  readonly up: "auto" | Vec3;
  /** Behind the splats of training views, [0, 1]. */
  readonly background: Vec3;
  /** Which splats may move. */
  readonly region: Region;
  readonly seed: number;
  /** What `RUN_PARAMS` declare. */
  readonly runParams: AnyValues;
}

/** Sides of the pictures each kind of model was trained on. */
const SIZES: Readonly<Record<ModelFamily, number>> = { embedded: 128, sd: 512, pix2pix: 512 };

/** A preset's settings; prompts are still to be given. */
export function settingsFromPreset(preset: Preset): EditSettings {
  const { method, params, bridge, timesteps, steps, learningRates, families } = preset;
  return {
    source: "",
    target: "",
    negative: "",
    method,
    params: resolveParams(methods.get(method).params, params),
    bridge,
    bridgeParams: resolveParams(bridges.get(bridge).params),
    timesteps,
    steps,
    learningRates,
    size: SIZES[families[0]!],
    viewsPerStep: 1,
    views: { sampler: "orbit", params: resolveParams(viewSamplers.get("orbit").params), count: 48 },
    focus: "auto",
    up: "auto",
    background: [0, 0, 0],
    region: EVERYTHING,
    seed: 0,
    runParams: resolveParams(RUN_PARAMS),
  };
}
