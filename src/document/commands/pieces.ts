/** Layers made of parts of others. */
import { UserError } from "../../core/errors.ts";
import { text } from "../../core/params.ts";
import { concatDocuments, takeDocument, type SceneDocument } from "../../scene/document.ts";
import { defineCommand } from "../command.ts";
import { copiedWith, withoutLayer } from "../contributions.ts";
import {
  addLayer,
  isEditable,
  layerOf,
  mapLayers,
  STATE,
  type Doc,
  type Layer,
  type Members,
} from "../document.ts";
import { deselected, isAlive, isSelected, needSelection, rowsWhere, withState } from "../states.ts";

/** A new layer of what is selected, and selected itself; what it came from is `left` in another state. */
function extract(doc: Doc, name: string, left: (bits: number) => number): Doc {
  needSelection(doc);
  const taken = doc.layers
    .map(({ id, scene, state }) => ({ id, scene, rows: rowsWhere(state, isSelected) }))
    .filter(({ rows }) => rows.length > 0);
  const rest = mapLayers(doc, (layer) => withState(layer, (bits) => (isSelected(bits) ? left(bits) : bits)));
  const scenes = taken.map(({ scene, rows }) => takeDocument(scene, rows));
  const added = selectedLast(addLayer(rest, concatDocuments(scenes), name));
  let { edits } = doc;
  let first = 0;
  for (const { id, rows } of taken) {
    edits = copiedWith(edits, id, rows, added.layers.at(-1)!.id, first);
    first += rows.length;
  }
  return { ...added, edits };
}

/** The document with all of its newest layer selected. */
function selectedLast(doc: Doc): Doc {
  const newest = doc.layers.at(-1)!;
  return mapLayers(doc, (layer) => (layer === newest ? withState(layer, () => STATE.selected) : layer));
}

const firstSelected = (doc: Doc): string =>
  doc.layers.find(({ state }) => state.some(isSelected))?.name ?? "selection";

export const duplicateSelection = defineCommand({
  id: "layer.duplicate-selection",
  group: "layer",
  title: "Duplicate selection",
  help: "Copies what is selected into a layer of its own.",
  apply: (doc) => extract(doc, `${firstSelected(doc)} copy`, deselected),
});

export const separateSelection = defineCommand({
  id: "layer.separate",
  group: "layer",
  title: "Separate selection",
  help: "Moves what is selected into a layer of its own.",
  apply: (doc) => extract(doc, `${firstSelected(doc)} part`, (bits) => deselected(bits) | STATE.deleted),
});

export const duplicateLayer = defineCommand({
  id: "layer.duplicate",
  group: "layer",
  title: "Duplicate layer",
  help: "Copies a layer.",
  params: { layer: text({ label: "Layer", help: "Id of the layer.", default: "" }) },
  apply(doc, { layer: id }) {
    const { name, scene, state } = layerOf(doc, id);
    const rows = rowsWhere(state, isAlive);
    const copy = rows.length === state.length ? scene : takeDocument(scene, rows);
    const added = addLayer(doc, copy, `${name} copy`);
    return { ...added, edits: copiedWith(doc.edits, id, rows, added.layers.at(-1)!.id) };
  },
});

export const mergeLayers = defineCommand({
  id: "layer.merge",
  group: "layer",
  title: "Merge layers",
  help: "Makes one layer of several: those named, or all that are shown and not locked.",
  params: {
    layers: text({ label: "Layers", help: "Their ids, with spaces between; none for all.", default: "" }),
  },
  apply(doc, { layers: named }) {
    const ids = named.split(/[\s,]+/).filter(Boolean);
    const wanted = ids.length > 0 ? ids.map((id) => layerOf(doc, id)) : doc.layers.filter(isEditable);
    const parts = doc.layers.filter((layer) => wanted.includes(layer)); // in the order of the list
    if (parts.length < 2) throw new UserError("There is nothing to merge.", "Name at least two layers.");
    return merge(doc, parts);
  },
});

function merge(doc: Doc, parts: readonly Layer[]): Doc {
  const first = parts[0]!;
  const scene: SceneDocument = {
    ...concatDocuments(parts.map((part) => part.scene)),
    name: first.scene.name,
  };
  const states = joined(parts.map((part) => part.state));
  const state = isEditable(first) ? states : states.map(deselected);
  const layers = doc.layers
    .filter((layer) => layer === first || !parts.includes(layer))
    .map((layer) => (layer === first ? { ...first, scene, state } : layer));
  const sets = doc.sets.map((set) => ({ ...set, members: mergedMembers(set.members, parts) }));
  const proposal = doc.proposal && mergedMembers(doc.proposal, parts);
  return { ...doc, layers, sets, edits: mergedEdits(doc.edits, parts), ...(proposal && { proposal }) };
}

function mergedEdits(edits: Doc["edits"], [first, ...others]: readonly Layer[]): Doc["edits"] {
  let at = first!.state.length;
  for (const { id, state } of others) {
    const rows = rowsWhere(state, () => true);
    edits = withoutLayer(copiedWith(edits, id, rows, first!.id, at), id);
    at += rows.length;
  }
  return edits;
}

function mergedMembers(members: Members, parts: readonly Layer[]): Members {
  if (!parts.some(({ id }) => id in members)) return members;
  const others = Object.entries(members).filter(([id]) => !parts.some((part) => part.id === id));
  const own = joined(parts.map(({ id, state }) => members[id] ?? new Uint8Array(state.length)));
  return { ...Object.fromEntries(others), [parts[0]!.id]: own };
}

function joined(arrays: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
