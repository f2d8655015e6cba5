/** The arrays that a document is made of, which are what it costs. */
import { ATTRIBUTES } from "../scene/attributes.ts";
import type { Doc } from "./document.ts";

/** Every array of numbers in a document, once. */
export function arraysOf(doc: Doc): ReadonlySet<ArrayBufferView> {
  const arrays = new Set<ArrayBufferView>();
  for (const { scene, state } of doc.layers) {
    for (const attribute of ATTRIBUTES) arrays.add(scene.splats[attribute]);
    arrays.add(state);
    if (scene.provenance?.records) arrays.add(scene.provenance.records);
  }
  for (const { contributions, thumbnail } of doc.edits) {
    for (const { rows, before, after } of contributions) {
      for (const attribute of ATTRIBUTES) arrays.add(before[attribute]).add(after[attribute]);
      if (rows) arrays.add(rows);
    }
    if (thumbnail) arrays.add(thumbnail);
  }
  for (const members of [...doc.sets.map((set) => set.members), doc.proposal ?? {}]) {
    for (const mask of Object.values(members)) arrays.add(mask);
  }
  return arrays;
}

/** Bytes of a document that another one does not share. */
export function bytesBeyond(doc: Doc, other: Doc): number {
  const shared = arraysOf(other);
  let bytes = 0;
  for (const array of arraysOf(doc)) if (!shared.has(array)) bytes += array.byteLength;
  return bytes;
}
