/** What is compared: presets, or variations of them that a sweep lists. */
import { UserError } from "../../core/errors.ts";
import { presetsFor } from "../../diffusion/presets.ts";
import type { ModelFamily, Preset } from "../../diffusion/presets.ts";
import { changed } from "../../edit/settings-change.ts";
import { settingsFromPreset } from "../../edit/settings.ts";
import type { EditSettings } from "../../edit/settings.ts";

export interface Candidate {
  readonly id: string;
  readonly method: string;
  /** Prompts, region and focus are the edit's. */
  readonly settings: EditSettings;
}

type Value = number | string | boolean;

/**
 * Variations of a preset: each setting with a value, or with several of which all combinations are tried. Settings are
 * named by their path, as "steps", "params.wt", "timesteps.max", "learningRates.means".
 */
export interface Variation {
  readonly preset: string;
  readonly values: Readonly<Record<string, Value | readonly Value[]>>;
}

/** What a variation may set. */
const TUNABLE = [
  "steps",
  "method",
  "params",
  "bridge",
  "bridgeParams",
  "timesteps",
  "learningRates",
  "viewsPerStep",
  "runParams",
];

/** The presets of a model's family, of all methods or those named by method or preset. */
export function presetCandidates(family: ModelFamily, wanted?: readonly string[]): readonly Candidate[] {
  const all = presetsFor(family);
  for (const word of wanted ?? []) {
    if (all.some((preset) => isCalled(preset, word))) continue;
    const choices = [...new Set(all.flatMap(({ id, method }) => [method, id]))].join(", ");
    throw new UserError(`There is no method or preset “${word}” for this model.`, `There are ${choices}.`);
  }
  return all
    .filter((preset) => !wanted || wanted.some((word) => isCalled(preset, word)))
    .map((preset) => ({ id: preset.id, method: preset.method, settings: settingsFromPreset(preset) }));
}

const isCalled = ({ id, method }: Preset, word: string): boolean => id === word || method === word;

/** Every combination that the variations list. Throws a UserError for what they cannot mean. */
export function sweepCandidates(family: ModelFamily, variations: readonly Variation[]): readonly Candidate[] {
  const candidates = variations.flatMap((variation) => {
    const [base] = presetCandidates(family, [variation.preset]);
    return combinations(Object.entries(variation.values)).map((values) => varied(base!, values));
  });
  const twice = candidates.find(({ id }, i) => candidates.findIndex((other) => other.id === id) !== i);
  if (twice) throw new UserError(`The sweep lists “${twice.id}” twice.`, "Leave one of them out.");
  return candidates;
}

type Assigned = readonly (readonly [path: string, value: Value])[];

function combinations(
  entries: readonly (readonly [string, Value | readonly Value[]])[],
): readonly Assigned[] {
  return entries.reduce<readonly Assigned[]>(
    (so, [path, values]) =>
      so.flatMap((assigned) =>
        [values].flat().map((value) => [...assigned, [path, value as Value] as const]),
      ),
    [[]],
  );
}

function varied({ id, settings }: Candidate, values: Assigned): Candidate {
  const change: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const [head, key, ...rest] = path.split(".") as [keyof EditSettings, string | undefined];
    if (!TUNABLE.includes(head) || rest.length > 0) throw unknownSetting(path);
    const before = settings[head];
    change[head] =
      key === undefined
        ? value
        : { ...(before as object), ...(change[head] as object | undefined), [key]: value };
  }
  const next = changed(settings, change);
  for (const [path, value] of values) {
    const ofMethodOrBridge = /^(params|bridgeParams)\./.test(path); // which may be others than the preset's
    if (!ofMethodOrBridge && read(settings, path) === undefined) throw unknownSetting(path);
    if (read(next, path) !== value) {
      throw new UserError(`“${path}” of a sweep cannot be ${String(value)}.`, "See --list of npm run edit.");
    }
  }
  const name = values
    .map(([path, value]) => `${path.replace(/^(params|runParams)\./, "")}=${String(value)}`)
    .join(" ");
  return { id: [id, name].filter(Boolean).join(" "), method: next.method, settings: next };
}

const unknownSetting = (path: string): UserError =>
  new UserError(
    `A sweep cannot set “${path}”.`,
    `It sets ${TUNABLE.join(", ")}, or parts of them as params.wt.`,
  );

const read = (settings: EditSettings, path: string): unknown =>
  path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], settings);

/** The list in a sweep's file. Throws a UserError for anything else. */
export function parseSweep(text: string): readonly Variation[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const isVariation = (value: unknown): value is Variation =>
    typeof value === "object" &&
    value !== null &&
    "preset" in value &&
    "values" in value &&
    isTable(value.values);
  if (Array.isArray(json) && json.length > 0 && json.every(isVariation)) return json;
  throw new UserError(
    "The sweep's file is not a list of variations.",
    'Write [{ "preset": "embedded-ssd", "values": { "params.wt": [4, 6], "steps": 100 } }].',
  );
}

const isTable = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((entry) =>
    [entry].flat().every((one) => ["number", "string", "boolean"].includes(typeof one)),
  );
