/** What the viewport shows of a document. */
import type { Splats } from "../scene/attributes.ts";
import { STATE, UNTOUCHABLE, type Doc } from "./document.ts";

/** A splat that a clean-up proposes to delete; only among displayed states. */
export const PROPOSED = 16;

export interface DisplayedScene {
  /** All layers' splats, hidden ones too: showing and hiding moves no splats. */
  readonly parts: readonly Splats[];
  /** STATE and PROPOSED bits of each splat of all parts. */
  readonly states: Uint8Array; // [N]
  readonly antialias: boolean;
}

export function displayOf(doc: Doc): DisplayedScene {
  const parts = doc.layers.map(({ scene }) => scene.splats);
  const states = new Uint8Array(parts.reduce((sum, { count }) => sum + count, 0));
  let at = 0;
  for (const { id, state, visible } of doc.layers) {
    const shown = states.subarray(at, (at += state.length));
    if (visible) shown.set(state);
    else shown.fill(STATE.hidden);
    const proposed = visible && doc.proposal?.[id];
    if (!proposed) continue;
    for (let i = 0; i < proposed.length; i++) {
      if (proposed[i] && !(shown[i]! & UNTOUCHABLE)) shown[i]! |= PROPOSED;
    }
  }
  const drawn = doc.layers.find(({ visible }) => visible) ?? doc.layers[0];
  return { parts, states, antialias: drawn?.scene.metadata.antialiased ?? false };
}

/** Which of the displayed splats a command's target is; undefined for a layer that is not there. */
export function displayedTarget(doc: Doc, target: string) {
  let first = 0;
  const all = doc.layers.reduce((sum, { state }) => sum + state.length, 0);
  if (target === "selection") return { selectedOnly: true, first, end: all };
  if (target === "all") return { selectedOnly: false, first, end: all };
  for (const { id, state } of doc.layers) {
    if (id === target) return { selectedOnly: false, first, end: first + state.length };
    first += state.length;
  }
  return undefined;
}
