/** Reading and changing the state bits of splats. */
import { UserError } from "../core/errors.ts";
import { isEditable, mapLayers, STATE, UNTOUCHABLE, type Doc, type Layer } from "./document.ts";

/** Another state for each splat, or the same array when none changes. */
export function mapState(state: Uint8Array, next: (bits: number, splat: number) => number): Uint8Array {
  let changed: Uint8Array | undefined;
  for (let i = 0; i < state.length; i++) {
    const bits = next(state[i]!, i);
    if (bits === state[i]) continue;
    changed ??= state.slice();
    changed[i] = bits;
  }
  return changed ?? state;
}

/** The layer with another state; the same value if nothing changes. */
export function withState(layer: Layer, next: (bits: number, splat: number) => number): Layer {
  const state = mapState(layer.state, next);
  return state === layer.state ? layer : { ...layer, state };
}

/** The same in every layer that can be changed. */
export const mapEditable = (doc: Doc, next: (layer: Layer) => (bits: number, splat: number) => number): Doc =>
  mapLayers(doc, (layer) => (isEditable(layer) ? withState(layer, next(layer)) : layer));

export const isSelected = (bits: number): boolean => (bits & STATE.selected) !== 0;
/** Whether it could be selected, as far as its own state goes. */
export const isTouchable = (bits: number): boolean => (bits & UNTOUCHABLE) === 0;
/** What an export keeps. */
export const isAlive = (bits: number): boolean => (bits & STATE.deleted) === 0;

export const deselected = (bits: number): number => bits & ~STATE.selected;

/** The layer shown or locked otherwise; what cannot be changed is not selected. */
export function withAccess(layer: Layer, access: Partial<Pick<Layer, "visible" | "locked">>): Layer {
  const next = { ...layer, ...access };
  if (next.visible === layer.visible && next.locked === layer.locked) return layer;
  return isEditable(next) ? next : withState(next, deselected);
}

/** How many splats are in which state. */
export interface StateCounts {
  readonly alive: number;
  readonly selected: number;
  readonly hidden: number;
  readonly locked: number;
}

const counted = new WeakMap<Uint8Array, StateCounts>();

export function countStates(state: Uint8Array): StateCounts {
  const known = counted.get(state);
  if (known) return known;
  const histogram = new Uint32Array(256);
  for (let i = 0; i < state.length; i++) histogram[state[i]!]!++;
  const sum = (fits: (bits: number) => boolean): number =>
    histogram.reduce((total, count, bits) => (fits(bits) ? total + count : total), 0);
  const counts = {
    alive: sum(isAlive),
    selected: sum(isSelected),
    hidden: sum((bits) => isAlive(bits) && (bits & STATE.hidden) !== 0),
    locked: sum((bits) => isAlive(bits) && (bits & STATE.locked) !== 0),
  };
  counted.set(state, counts);
  return counts;
}

export const countSelected = (doc: Doc): number =>
  doc.layers.reduce((sum, { state }) => sum + countStates(state).selected, 0);

/** Rows whose state fits. */
export function rowsWhere(state: Uint8Array, fits: (bits: number, splat: number) => boolean): Uint32Array {
  let count = 0;
  for (let i = 0; i < state.length; i++) if (fits(state[i]!, i)) count++;
  const rows = new Uint32Array(count);
  for (let i = 0, k = 0; i < state.length; i++) if (fits(state[i]!, i)) rows[k++] = i;
  return rows;
}

/** Throws a UserError unless some splat is selected. */
export function needSelection(doc: Doc): void {
  if (countSelected(doc) > 0) return;
  throw new UserError("Nothing is selected.", "Select some splats first, or select all.");
}
