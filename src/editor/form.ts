import type { Vec3 } from "../camera/camera.ts";
import type { AnyValues, ParamSpec } from "../core/params.ts";
import { isSame } from "../core/same.ts";
import { bridges } from "../diffusion/codecs/index.ts";
import { methods } from "../diffusion/methods/index.ts";
import { adviceFor } from "../diffusion/preset-advice.ts";
import { defaultPreset, presets, type Preset } from "../diffusion/presets.ts";
import { RUN_PARAMS } from "../edit/run-params.ts";
import { LIVE, type SettingsChange } from "../edit/settings-change.ts";
import { settingsFromPreset, type EditSettings } from "../edit/settings.ts";
import { RATE_PARAMS, TIMESTEP_PARAMS } from "../edit/training-params.ts";
import type { Sphere } from "../scene/bounds.ts";
import type { EditRequest, PipelineInfo, SceneInfo } from "../worker/protocol.ts";
import type { DemoScene } from "./demo-scenes.ts";

/** What the user has filled in: settings, and the preset they began from. */
export type EditForm = EditRequest & { readonly preset: string };

export const emptyForm = (): EditForm => ({
  ...settingsFromPreset(defaultPreset("embedded")),
  preset: defaultPreset("embedded").id,
});

/** What a preset has no opinion on, although settings made from one need a value. */
const BESIDE_PRESETS = [
  "source",
  "target",
  "negative",
  "size",
  "viewsPerStep",
  "views",
  "focus",
  "up",
  "background",
  "region",
  "seed",
  "runParams",
] as const satisfies readonly (keyof EditSettings)[];

/** The form with everything a preset says; what it does not say stays. */
export function withPreset(form: EditForm, preset: Preset): EditForm {
  const kept = Object.fromEntries(BESIDE_PRESETS.map((key) => [key, form[key]]));
  return { ...settingsFromPreset(preset), ...kept, preset: preset.id };
}

/** Another method, from the first preset for it that suits the same kind of model. */
export function withMethod(form: EditForm, method: string): EditForm {
  const { families } = presets.get(form.preset);
  const preset = presets.all.find(
    (candidate) =>
      candidate.method === method && candidate.families.some((family) => families.includes(family)),
  );
  return preset ? withPreset(form, preset) : { ...form, method, params: {} };
}

/**
 * The form for an edit to try: with the preset that the model's card advises for it, unless the user has chosen another
 * than the default and the advised ones.
 */
export function forSuggestion(
  form: EditForm,
  edit: Pick<EditForm, "source" | "target" | "region">,
  { family, advice }: Pick<PipelineInfo, "family" | "advice">,
): EditForm {
  const usual = defaultPreset(family).id;
  const chosen = [usual, ...advice.map(({ preset }) => preset)].includes(form.preset) ? usual : form.preset;
  const preset = chosen === usual ? (adviceFor(advice, edit)?.preset ?? usual) : chosen;
  return { ...(preset === form.preset ? form : withPreset(form, presets.get(preset))), ...edit };
}

/** The form for a model just loaded: a preset that suits it, unless the one chosen does. */
export function forModel(
  form: EditForm,
  {
    family,
    resolution,
    resolutions,
    memory,
  }: Pick<PipelineInfo, "family" | "resolution" | "resolutions" | "memory">,
): EditForm {
  const suits = presets.get(form.preset).families.includes(family);
  const fitting = suits ? form : withPreset(form, defaultPreset(family));
  const sizes = resolutions.filter((size) => memory.find(({ side }) => side === size)?.fits ?? true);
  const largest = sizes.filter((size) => size <= resolution).at(-1) ?? resolution;
  return { ...fitting, size: sizes.includes(form.size) ? form.size : largest };
}

/**
 * The form for a scene just opened: the user's own prompts stay, but not where to look, nor what was filled in for one of
 * `demos`.
 */
export function forScene(form: EditForm, { region }: SceneInfo, demos: readonly DemoScene[]): EditForm {
  const filledIn = new Set(
    demos.flatMap(({ source, edits }) => [source, ...edits.map(({ target }) => target)]),
  );
  const own = (words: string): string => (filledIn.has(words) ? "" : words);
  return {
    ...form,
    ...{ source: own(form.source), target: own(form.target) },
    ...{ up: "auto", focus: region ?? "auto", region: { kind: "all" } },
  };
}

/** The form when what the document is about has moved: what was set on it goes along. */
export function withFocusMoved(form: EditForm, from: Sphere, to: Sphere): EditForm {
  const isThere = ({ center, radius }: Sphere): boolean =>
    isSame([center, radius], [from.center, from.radius]);
  const { region, focus } = form;
  return {
    ...form,
    ...(region.kind === "sphere" && isThere(region) && { region: { kind: "sphere", ...to } }),
    ...(focus !== "auto" && isThere(focus) && { focus: to }),
  };
}

export const toSettings = ({ preset: _preset, ...settings }: EditForm): EditRequest => settings;

/** What of a change to the form a running edit can follow. */
export function liveChange(patch: Partial<EditForm>): SettingsChange {
  const { preset: _preset, ...settings } = patch;
  const live = Object.entries(settings).filter(([key]) => LIVE[key as keyof EditSettings] === true);
  return Object.fromEntries(live);
}

export const UP_AXES: Readonly<Record<string, Vec3>> = {
  "+y": [0, 1, 0],
  "-y": [0, -1, 0],
  "+z": [0, 0, 1],
  "-z": [0, 0, -1],
  "+x": [1, 0, 0],
  "-x": [-1, 0, 0],
};

/** The name of an axis in `UP_AXES`. */
export const axisName = (up: Vec3): string | undefined =>
  Object.keys(UP_AXES).find((name) => UP_AXES[name]!.every((value, i) => value === up[i]));

export const upOf = ({ up }: Pick<EditForm, "up">, scene: { readonly up: Vec3 }): Vec3 =>
  up === "auto" ? scene.up : up;

/** With one end of the range of noise levels moved; the other goes along rather than be passed. */
export function withTimestep(
  timesteps: EditForm["timesteps"],
  end: "min" | "max",
  t: number,
): EditForm["timesteps"] {
  const limit = end === "min" ? Math.max : Math.min;
  const other = end === "min" ? "max" : "min";
  return { ...timesteps, [other]: limit(timesteps[other], t), [end]: t };
}

/** What differs between two forms in what a running edit follows, in words: `Cross-prompt 12.5, Steps 300`. */
export function describeChange(before: EditForm, after: EditForm): string {
  const changedIn = (spec: ParamSpec, valuesOf: (form: EditForm) => AnyValues): string[] => {
    const [old, now] = [valuesOf(before), valuesOf(after)];
    return Object.entries(spec)
      .filter(([key]) => now[key] !== undefined && old[key] !== now[key])
      .map(([key, { label }]) => `${label} ${now[key]}`);
  };
  const others = Object.entries(LIVE_LABELS)
    .filter(([key]) => before[key as keyof EditForm] !== after[key as keyof EditForm])
    .map(([key, label]) => `${label} ${after[key as keyof EditForm] as string | number}`);
  return [
    ...others,
    ...changedIn(methods.get(after.method).params, ({ params }) => params),
    ...changedIn(bridges.get(after.bridge).params, ({ bridgeParams }) => bridgeParams),
    ...changedIn(RUN_PARAMS, ({ runParams }) => runParams),
    ...changedIn(TIMESTEP_PARAMS, ({ timesteps: { min, max } }) => ({ min, max })),
    ...changedIn(RATE_PARAMS, ({ learningRates }) => learningRates),
  ].join(", ");
}

const LIVE_LABELS: Partial<Record<keyof EditSettings, string>> = {
  source: "Source",
  target: "Target",
  negative: "Negative",
  method: "Method",
  bridge: "Bridge",
  steps: "Steps",
  size: "View size",
  viewsPerStep: "Views a step",
};
