import { presets } from "./presets.ts";

/** An edit that brings in one of these words goes best with this preset. */
export interface PresetAdvice {
  readonly words: readonly string[];
  readonly preset: string;
}

/** From a model card's lists of words, and the preset for a change within a list; what it does not spell out is no advice. */
export function readAdvice(vocabulary: unknown, presetFor: unknown): readonly PresetAdvice[] {
  if (!isRecord(vocabulary) || !isRecord(presetFor)) return [];
  return Object.entries(presetFor).flatMap(([list, preset]) => {
    const words: unknown = vocabulary[list];
    const isKnown = presets.all.some(({ id }) => id === preset);
    return Array.isArray(words) && isKnown ? [{ words: words.map(String), preset: String(preset) }] : [];
  });
}

/** A word that the target brings in, and the preset that suits it. */
export function adviceFor(
  advice: readonly PresetAdvice[],
  { source, target }: { readonly source: string; readonly target: string },
): { readonly word: string; readonly preset: string } | undefined {
  const before = wordsOf(source);
  for (const { words, preset } of advice) {
    const word = [...wordsOf(target)].find((word) => words.includes(word) && !before.has(word));
    // Only in place of another of them: “a photo of a duck” for an unnamed scene changes nothing that is known.
    if (word !== undefined && words.some((other) => before.has(other))) return { word, preset };
  }
  return undefined;
}

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
