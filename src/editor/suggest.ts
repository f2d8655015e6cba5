import type { Region } from "../edit/mask.ts";
import type { Sphere } from "../scene/bounds.ts";

/** An edit to try, and what it is meant to change. */
export interface Suggestion {
  readonly source: string;
  readonly target: string;
  /** What is new in the target, for a short label: `blue`, `on snow`. */
  readonly change: string;
  readonly scope: "object" | "everything";
}

interface Prompts {
  readonly source: string;
  readonly target: string;
}

/** Of the examples, those from what the scene is said to show; where there are none, one of every change. */
export function suggestionsFor(examples: readonly Prompts[], source: string): readonly Suggestion[] {
  const suited = examples.filter((example) => example.source === source.trim());
  const all = (suited.length > 0 ? suited : examples).map(suggestionOf);
  return all.filter(({ change }, i) => all.findIndex((other) => other.change === change) === i);
}

/** Words from which on a prompt is about the surroundings, not the object. */
const PLACES = new Set(["on", "at", "in", "under", "beside", "near"]);

/** Reads a prompt pair: what differs, and whether that is the object or what is around it. */
export function suggestionOf({ source, target }: Prompts): Suggestion {
  const [before, after] = [wordsOf(source), wordsOf(target)];
  const start = commonPrefix(before, after);
  const end = commonPrefix(before.slice(start).reverse(), after.slice(start).reverse());
  const place = after.findIndex((word) => PLACES.has(word));
  const style = after.indexOf("of"); // "a watercolor painting of …": words before it are about the whole picture
  const isAround = place >= 0 && start >= place;
  const isStyle = start < style;
  // A place reads better with its preposition.
  const first = isAround ? after.findLastIndex((word, i) => i <= start && PLACES.has(word)) : start;
  const changed = after.slice(first, Math.max(after.length - end, first));
  return {
    source,
    target,
    change: changed.join(" ") || target,
    scope: isAround || isStyle ? "everything" : "object",
  };
}

const wordsOf = (text: string): string[] => text.trim().toLowerCase().split(/\s+/).filter(Boolean);

function commonPrefix(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return length;
}

/** The region a suggestion asks for: the object where the scene knows one, else everything. */
export const suggestedRegion = ({ scope }: Pick<Suggestion, "scope">, object: Sphere | undefined): Region =>
  scope === "object" && object ? { kind: "sphere", ...object } : { kind: "all" };
