/** How a selection changes by another one. */
import { choice, type Choice } from "../core/params.ts";
import { isEditable, mapLayers, STATE, type Doc, type Layer, type Members } from "./document.ts";
import { deselected, isSelected, isTouchable, withState } from "./states.ts";

/** Whether a splat is selected afterwards, given whether it was and whether it was hit. */
const MODES = {
  set: (_was: boolean, hit: boolean) => hit,
  add: (was: boolean, hit: boolean) => was || hit,
  remove: (was: boolean, hit: boolean) => was && !hit,
  intersect: (was: boolean, hit: boolean) => was && hit,
} as const;
export type SelectMode = keyof typeof MODES;

export const modeParam: Choice = choice({
  label: "Mode",
  help: "Replaces the selection, adds to it, takes away from it, or keeps what is in both.",
  options: Object.keys(MODES),
  default: "set",
});

/** Whether the splat of a row is hit. */
export type Hit = (splat: number) => boolean;

/**
 * Combines the selection with what is hit. Only splats that can be selected are asked for, and no others are ever
 * selected.
 */
export function selectWhere(doc: Doc, mode: string, hit: (layer: Layer) => Hit): Doc {
  const combine = MODES[mode as SelectMode];
  return mapLayers(doc, (layer) => {
    if (!isEditable(layer)) return withState(layer, deselected);
    const isHit = hit(layer);
    return withState(layer, (bits, splat) => {
      const selected = isTouchable(bits) && combine(isSelected(bits), isHit(splat));
      return selected ? bits | STATE.selected : deselected(bits);
    });
  });
}

/** Hit by being a member. */
export const membersHit =
  (members: Members) =>
  ({ id }: Layer): Hit => {
    const mask = members[id];
    return mask ? (splat) => mask[splat] === 1 : () => false;
  };

/** The selection as members, without the layers that have none of it. */
export function selectionOf(doc: Doc): Members {
  const masks = doc.layers.map(({ id, state }) => [id, state.map((bits) => bits & STATE.selected)] as const);
  return Object.fromEntries(masks.filter(([, mask]) => mask.includes(1)));
}
