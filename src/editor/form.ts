import type { Vec3 } from "../camera/camera.ts";
import type { AnyValues } from "../core/params.ts";
import type { Preset } from "../diffusion/presets.ts";
import { defaultPreset, presets } from "../diffusion/presets.ts";
import type { EditPatch, EditRequest } from "../worker/protocol.ts";

/** What the user has filled in. A preset fills in everything but the prompts, picture size and seed. */
export interface EditForm {
  readonly source: string;
  readonly target: string;
  readonly preset: string;
  readonly method: string;
  readonly params: AnyValues;
  readonly timesteps: Preset["timesteps"];
  readonly learningRates: Preset["learningRates"];
  readonly bridge: string;
  readonly steps: number;
  /** Side of the training views, pixels. */
  readonly size: number;
  readonly seed: number;
  /** Which way is up: `auto` is what the scene says or, if it says nothing, looks like. */
  readonly up: UpChoice;
}

export const UP_AXES = {
  "+y": [0, 1, 0],
  "-y": [0, -1, 0],
  "+z": [0, 0, 1],
  "-z": [0, 0, -1],
  "+x": [1, 0, 0],
  "-x": [-1, 0, 0],
} as const satisfies Record<string, Vec3>;
export type UpChoice = "auto" | keyof typeof UP_AXES;

export const upOf = ({ up }: Pick<EditForm, "up">, scene: { readonly up: Vec3 }): Vec3 =>
  up === "auto" ? scene.up : UP_AXES[up];

type BesidePreset = Pick<EditForm, "source" | "target" | "size" | "seed" | "up">;

export const emptyForm = (): EditForm =>
  withPreset({ source: "", target: "", size: 128, seed: 0, up: "auto" }, defaultPreset("embedded"));

/** The form with everything a preset says; what it does not say stays. */
export function withPreset(form: BesidePreset, preset: Preset): EditForm {
  const { id, method, params, timesteps, learningRates, bridge, steps } = preset;
  return { ...form, preset: id, method, params, timesteps, learningRates, bridge, steps };
}

/** Another method, from the preset for it that suits the model best. */
export function withMethod(form: EditForm, method: string): EditForm {
  const current = presets.get(form.preset);
  const preset = presets.all.find(
    (candidate) =>
      candidate.method === method && candidate.families.some((family) => current.families.includes(family)),
  );
  return preset ? withPreset(form, preset) : { ...form, method, params: {} };
}

export function toRequest(form: EditForm, scene: { readonly up: Vec3 }): EditRequest {
  const { preset: _preset, ...request } = form;
  return { ...request, up: upOf(form, scene) };
}

/** What of a change to the form a running edit can follow. */
export function toPatch({ params, steps }: Partial<EditForm>): EditPatch {
  return { ...(params && { params }), ...(steps !== undefined && { steps }) };
}
