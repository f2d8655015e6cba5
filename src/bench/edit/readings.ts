/** From what the judge read in each view to what became of an edit. */
import { NATURAL } from "../../cli/scenes/attributes.ts";
import type { AttributeName, Attributes } from "../../cli/scenes/attributes.ts";
import type { Edit } from "./edits.ts";

/** By kind, the material that a natural object looks like: no one can tell an apple from a red apple. */
export type Twins = Readonly<Record<string, string>>;

/** What the judge read in the same views of the scene as it was and as it became. */
export interface ReadViews {
  readonly before: readonly Attributes[];
  readonly after: readonly Attributes[];
}

/** Whether a reading of an attribute is what is shown, or cannot be told from it. */
export function readsAs(read: Attributes, shown: Attributes, name: AttributeName, twins: Twins): boolean {
  if (name !== "material") return read[name] === shown[name];
  const looks = (material: string): string =>
    material === NATURAL ? (twins[shown.kind] ?? NATURAL) : material;
  return looks(read.material) === looks(shown.material);
}

/** Share of the views in which everything that must change reads as wanted. */
export function shareRight({ changes, to }: Edit, views: readonly Attributes[], twins: Twins): number {
  return share(views, (view) => changes.every((name) => readsAs(view, to, name, twins)));
}

/**
 * Share of what must not change, over views and attributes, that still reads right. Only what read right before
 * counts, so that the judge's own mistakes are no fault of the edit's; 1 where there is none.
 */
export function shareKept(edit: Edit, { before, after }: ReadViews, twins: Twins): number {
  const pairs = edit.holds.flatMap((name) =>
    before
      .map((view, i) => ({ name, view, later: after[i]! }))
      .filter(({ view }) => readsAs(view, edit.from, name, twins)),
  );
  return pairs.length === 0 ? 1 : share(pairs, ({ name, later }) => readsAs(later, edit.to, name, twins));
}

/** Words an attribute was read as, the most frequent first. */
export function tally(
  views: readonly Attributes[],
  name: AttributeName,
): readonly (readonly [word: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const view of views) counts.set(view[name], (counts.get(view[name]) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

const share = <T>(items: readonly T[], holds: (item: T) => boolean): number =>
  items.filter(holds).length / items.length;
