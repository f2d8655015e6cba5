import { viewSamplers } from "../camera/samplers/index.ts";
import { UserError } from "../core/errors.ts";
import { resolveParams, type AnyValues, type ParamSpec } from "../core/params.ts";
import type { Registry } from "../core/registry.ts";
import { bridges } from "../diffusion/codecs/index.ts";
import { methods } from "../diffusion/methods/index.ts";
import type { Pipeline } from "../diffusion/pipeline.ts";
import { RUN_PARAMS } from "./run-params.ts";
import { checkSettings, checkSize, checkSuits } from "./settings-check.ts";
import type { EditSettings } from "./settings.ts";

/** New values for some settings. Parameters that are not named keep theirs, unless the method or bridge itself changes. */
export type SettingsChange = Partial<EditSettings>;

/** `true`: may change while a run goes on, and acts from the next step. Otherwise the reason why not. */
export const LIVE: Readonly<Record<keyof EditSettings, true | string>> = {
  source: true,
  target: true,
  negative: true,
  method: true,
  params: true,
  bridge: true,
  bridgeParams: true,
  timesteps: true,
  steps: true,
  learningRates: true,
  size: true,
  viewsPerStep: true,
  views: "the untouched scene has been seen from these views",
  focus: "the untouched scene has been seen from views of it",
  up: "the untouched scene has been seen with this way up",
  background: "the untouched scene has been seen before it",
  region: "what lies outside of it must stay as it was at the start",
  seed: "the views have been drawn from it",
  runParams: true,
};

/** Settings before a run with changes in; parameters are brought into their ranges. */
export function changed(settings: EditSettings, change: SettingsChange): EditSettings {
  const next = { ...settings, ...change };
  const kept = next.method === settings.method ? settings.params : {};
  const keptBridge = next.bridge === settings.bridge ? settings.bridgeParams : {};
  const { views } = next;
  return {
    ...next,
    params: resolved(methods, next.method, { ...kept, ...change.params }),
    bridgeParams: resolved(bridges, next.bridge, { ...keptBridge, ...change.bridgeParams }),
    views: { ...views, params: resolved(viewSamplers, views.sampler, views.params) },
    runParams: resolveParams(RUN_PARAMS, { ...settings.runParams, ...change.runParams }),
  };
}

/** An unknown id is for the check to report. */
function resolved(
  registry: Registry<{ readonly id: string; readonly params: ParamSpec }>,
  id: string,
  values: AnyValues,
): AnyValues {
  return registry.has(id) ? resolveParams(registry.get(id).params, values) : values;
}

/**
 * Settings of a run that goes on, with changes that act from the next step. Throws a UserError, and changes nothing,
 * for a change that must wait for the next run or makes no sense.
 */
export function applyChange(
  settings: EditSettings,
  change: SettingsChange,
  { schedule, info }: Pick<Pipeline, "schedule" | "info">,
): EditSettings {
  const next = changed(settings, change);
  for (const [key, live] of Object.entries(LIVE) as [keyof EditSettings, true | string][]) {
    if (live !== true && JSON.stringify(next[key]) !== JSON.stringify(settings[key])) {
      throw new UserError(
        `“${key}” cannot change while a run goes on: ${live}.`,
        "Stop the run, change it, and start again.",
      );
    }
  }
  checkSettings(next, schedule);
  checkSuits(next, info);
  if (next.size !== settings.size) checkSize(next.size, info);
  return next;
}
