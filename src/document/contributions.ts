/**
 * What edits from words have made of splats, so that each can be taken out of the scene and put back while later ones
 * stay. A contribution holds values of before and after the edit rather than their difference: what nothing else has
 * touched comes and goes to the bit, and a transform or a grade of the layer acts on both alike.
 */
import { ATTRIBUTES, attributeWidth, type ShDegree, type Splats } from "../scene/attributes.ts";
import { bitsOf, sameBits, takeSplats, withShDegree } from "../scene/splats.ts";
import type { Doc, EditRecord } from "./document.ts";

type Edits = readonly EditRecord[];

/** An edit's part in one layer. */
export interface Contribution {
  readonly layer: string;
  /** Rows of the layer that it is about; as many as it has, from the first, where none are named. */
  readonly rows?: Uint32Array; // [n]
  readonly before: Splats; // [n]
  readonly after: Splats; // [n]
}

/** Above this share of a layer, its own arrays are kept, which the history has as well, rather than copies of rows. */
const DENSE = 0.5;

/** What an edit has changed between two documents of the same layers. */
export function contributionsOf(before: Doc, after: Doc): Contribution[] {
  return after.layers.flatMap(({ id, scene }, i) => {
    const was = before.layers[i]!.scene.splats;
    return scene.splats === was ? [] : [contribution(id, was, scene.splats)];
  });
}

function contribution(layer: string, before: Splats, after: Splats): Contribution {
  const rows = changedRows(before, after);
  if (rows.length > DENSE * after.count) return { layer, before, after };
  return { layer, rows, before: takeSplats(before, rows), after: takeSplats(after, rows) };
}

function changedRows(before: Splats, after: Splats): Uint32Array {
  const changed = new Uint8Array(after.count);
  const was = withShDegree(before, after.shDegree);
  for (const attribute of ATTRIBUTES) {
    if (was[attribute] === after[attribute]) continue;
    const width = attributeWidth(attribute, after.shDegree);
    const [a, b] = [bitsOf(was[attribute]), bitsOf(after[attribute])];
    for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) changed[Math.floor(i / width)] = 1;
  }
  const rows = new Uint32Array(changed.reduce((sum, bit) => sum + bit, 0));
  for (let row = 0, k = 0; row < changed.length; row++) if (changed[row]) rows[k++] = row;
  return rows;
}

/**
 * A layer's splats with those edits that are on: everything that any edit has touched goes back to what it was before
 * the first of them, and those that are on are done again in their order, by their difference where an earlier one is
 * missing. So the same edits always give the same bits, whatever was switched in between.
 */
export function replayed(splats: Splats, layer: string, edits: Edits): Splats {
  const parts = edits.flatMap(({ contributions, isOn }) =>
    contributions.filter((one) => one.layer === layer).map((one) => ({ ...one, isOn })),
  );
  const degrees = parts.flatMap(({ before, after }) => [before.shDegree, after.shDegree]);
  const shDegree = Math.max(splats.shDegree, ...degrees) as ShDegree;
  const raised = parts.map(({ before, after, ...rest }) => ({
    ...rest,
    before: withShDegree(before, shDegree),
    after: withShDegree(after, shDegree),
  }));
  const now = withShDegree(splats, shDegree);
  const changed = ATTRIBUTES.flatMap((attribute) => {
    const width = attributeWidth(attribute, shDegree);
    const changes = raised
      .map(({ before, after, ...rest }) => ({ ...rest, before: before[attribute], after: after[attribute] }))
      .filter(({ before, after }) => before !== after);
    const values = replayedValues(now[attribute], changes, width);
    return sameBits(values, now[attribute]) ? [] : [[attribute, values] as const];
  });
  return changed.length > 0 ? { ...now, ...Object.fromEntries(changed) } : splats;
}

interface ValueChange {
  readonly rows?: Uint32Array;
  readonly before: Float32Array;
  readonly after: Float32Array;
  readonly isOn: boolean;
}

function replayedValues(now: Float32Array, changes: readonly ValueChange[], width: number): Float32Array {
  if (changes.length === 0) return now;
  const values = now.slice();
  const place = ({ rows }: ValueChange, k: number): number =>
    rows ? rows[Math.floor(k / width)]! * width + (k % width) : k;
  for (const change of changes.toReversed()) {
    for (let k = 0; k < change.before.length; k++) values[place(change, k)] = change.before[k]!;
  }
  for (const change of changes.filter(({ isOn }) => isOn)) {
    const { before, after } = change;
    for (let k = 0; k < before.length; k++) {
      const [i, was, becomes] = [place(change, k), before[k]!, after[k]!];
      values[i] = values[i] === was ? becomes : values[i]! + (becomes - was);
    }
  }
  return values;
}

const mapContributions = (edits: Edits, change: (one: Contribution) => readonly Contribution[]): Edits => {
  const next = edits.map((edit) => {
    const contributions = edit.contributions.flatMap(change);
    const isSame =
      contributions.length === edit.contributions.length &&
      contributions.every((each, i) => each === edit.contributions[i]);
    return isSame ? edit : { ...edit, contributions };
  });
  return next.every((edit, i) => edit === edits[i]) ? edits : next;
};

/**
 * Of all edits' contributions those of the newest edit, and of earlier ones as many as fit into so many bytes; an edit without any is a part of the
 * scene as it is. Arrays that edits share, one's result being the next one's beginning, count once.
 */
export function withinBytes(edits: Edits, maxBytes: number): Edits {
  const counted = new Set<ArrayBufferView>();
  let bytes = 0;
  const cost = ({ rows, before, after }: Contribution): void => {
    for (const array of [rows, ...ATTRIBUTES.flatMap((attribute) => [before[attribute], after[attribute]])]) {
      if (!array || counted.has(array)) continue;
      counted.add(array);
      bytes += array.byteLength;
    }
  };
  const fitting = edits.toReversed().map((edit, age) => {
    edit.contributions.forEach(cost);
    return age > 0 && bytes > maxBytes ? { ...edit, contributions: [] } : edit;
  });
  return fitting.reverse();
}

/** What happens to splats of a layer, of its `rows` or all of them, happens to what edits have made of them. */
export function changedWith(
  edits: Edits,
  layer: string,
  change: (splats: Splats, rows?: Uint32Array) => Splats,
  rows?: Uint32Array,
): Edits {
  const done = new Map<Splats, Splats>(); // one edit's result is the next one's beginning
  return mapContributions(edits, (one) => {
    if (one.layer !== layer) return [one];
    const places = rows && placesOf(one, rows);
    if (places?.length === 0) return [one];
    const changed = (splats: Splats): Splats => {
      const next = done.get(splats) ?? change(splats, places);
      done.set(splats, next);
      return next;
    };
    return [{ ...one, before: changed(one.before), after: changed(one.after) }];
  });
}

/** Where in a contribution some rows of its layer are. */
function placesOf({ rows, before }: Contribution, wanted: Uint32Array): Uint32Array {
  if (!rows) return wanted.filter((row) => row < before.count);
  const isWanted = new Set(wanted);
  return Uint32Array.from(rows.keys()).filter((k) => isWanted.has(rows[k]!));
}

/** Rows of a layer have been copied: `rows[k]` is row `first + k` of the layer `to`, too. */
export function copiedWith(edits: Edits, layer: string, rows: Uint32Array, to: string, first = 0): Edits {
  const copies = new Map(Array.from(rows, (row, k) => [row, first + k]));
  return mapContributions(edits, (one) => {
    if (one.layer !== layer) return [one];
    const places = placesOf(one, rows);
    if (places.length === 0) return [one];
    const copy: Contribution = {
      layer: to,
      rows: places.map((k) => copies.get(one.rows ? one.rows[k]! : k)!),
      before: takeSplats(one.before, places),
      after: takeSplats(one.after, places),
    };
    return [one, copy];
  });
}

/** A layer is gone. */
export const withoutLayer = (edits: Edits, layer: string): Edits =>
  mapContributions(edits, (one) => (one.layer === layer ? [] : [one]));
