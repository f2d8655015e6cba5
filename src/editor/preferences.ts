import { readModel } from "./chosen-model.ts";
import { KEYMAPS } from "./commands/keymap.ts";
import type { Preferences } from "./page.ts";

const KEY = "splatsmith.preferences";
const VERSION = 1;

/** What was saved, as far as it makes sense; the rest as by default. Storage may be forbidden or hold anything. */
export function loadPreferences(storage: Pick<Storage, "getItem">, defaults: Preferences): Preferences {
  try {
    const saved: unknown = JSON.parse(storage.getItem(KEY) ?? "null");
    if (!isRecord(saved) || saved["version"] !== VERSION) return defaults;
    return {
      panels: { ...defaults.panels, ...only(saved["panels"], Object.keys(defaults.panels), isBoolean) },
      keys: readKeys(saved["keys"]) ?? defaults.keys,
      ...flag(saved, "showsPerformance", defaults),
      ...flag(saved, "snaps", defaults),
      model: readModel(saved["model"]) ?? defaults.model,
      memoryBudget: isPositive(saved["memoryBudget"]) ? saved["memoryBudget"] : defaults.memoryBudget,
    };
  } catch {
    return defaults;
  }
}

export function savePreferences(storage: Pick<Storage, "setItem">, preferences: Preferences): void {
  try {
    storage.setItem(KEY, JSON.stringify({ version: VERSION, ...preferences }));
  } catch {
    // Without storage the page works as well; it only forgets.
  }
}

function readKeys(value: unknown): Preferences["keys"] | undefined {
  if (!isRecord(value)) return undefined;
  const { preset, overrides } = value;
  const known = KEYMAPS.find(({ id }) => id === preset);
  if (!known || !isRecord(overrides)) return undefined;
  return { preset: known.id, overrides: only(overrides, Object.keys(overrides), isChords) };
}

const flag = <K extends "showsPerformance" | "snaps">(
  saved: Record<string, unknown>,
  key: K,
  defaults: Preferences,
): Record<K, boolean> => {
  const value = saved[key];
  return { [key]: isBoolean(value) ? value : defaults[key] } as Record<K, boolean>;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isPositive = (value: unknown): value is number => typeof value === "number" && value > 0;
const isChords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((chord) => typeof chord === "string");

function only<T>(
  value: unknown,
  keys: readonly string[],
  fits: (value: unknown) => value is T,
): Record<string, T> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(keys.flatMap((key) => (fits(value[key]) ? [[key, value[key]]] : [])));
}
