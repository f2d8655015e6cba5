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
}

export const emptyForm = (): EditForm =>
  withPreset({ source: "", target: "", size: 128, seed: 0 }, defaultPreset("embedded"));

/** The form with everything a preset says; what it does not say stays. */
export function withPreset(
  form: Pick<EditForm, "source" | "target" | "size" | "seed">,
  preset: Preset,
): EditForm {
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

export function toRequest({ preset: _preset, ...request }: EditForm): EditRequest {
  return request;
}

/** What of a change to the form a running edit can follow. */
export function toPatch({ params, steps }: Partial<EditForm>): EditPatch {
  return { ...(params && { params }), ...(steps !== undefined && { steps }) };
}
