import type { PageCommand } from "./command.ts";

/** Habits that users bring along. */
export const KEYMAPS = [
  { id: "supersplat", label: "SuperSplat" },
  { id: "blender", label: "Blender" },
] as const;
export type KeymapId = (typeof KEYMAPS)[number]["id"];

/** A keymap, and the keys the user has changed in it, by command. */
export interface KeySettings {
  readonly preset: KeymapId;
  readonly overrides: Readonly<Record<string, readonly string[]>>;
}

export const EMPTY_KEYS: KeySettings = { preset: "supersplat", overrides: {} };

type Keyed = Pick<PageCommand, "id" | "keys">;

/** The chords of a command: the user's, else the keymap's. */
export function chordsOf({ id, keys }: Keyed, { preset, overrides }: KeySettings): readonly string[] {
  if (overrides[id]) return overrides[id];
  if (!keys) return [];
  return "supersplat" in keys ? keys[preset] : keys;
}

/** Commands that want the same chord, in pairs with it. */
export interface Conflict {
  readonly chord: string;
  readonly ids: readonly string[];
}

export function conflictsIn(commands: readonly Keyed[], settings: KeySettings): readonly Conflict[] {
  const byChord = new Map<string, string[]>();
  for (const command of commands) {
    for (const chord of chordsOf(command, settings)) {
      byChord.set(chord, [...(byChord.get(chord) ?? []), command.id]);
    }
  }
  return [...byChord].filter(([, ids]) => ids.length > 1).map(([chord, ids]) => ({ chord, ids }));
}

/** Gives a command other chords; those that the keymap has anyway are not kept as the user's. */
export function withChords(settings: KeySettings, command: Keyed, chords: readonly string[]): KeySettings {
  const { [command.id]: _before, ...overrides } = settings.overrides;
  const byDefault = chordsOf(command, { ...settings, overrides });
  const isDefault = chords.length === byDefault.length && chords.every((chord, i) => chord === byDefault[i]);
  return { ...settings, overrides: isDefault ? overrides : { ...overrides, [command.id]: chords } };
}
