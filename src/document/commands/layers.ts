import { UserError } from "../../core/errors.ts";
import { quantity, text, toggle } from "../../core/params.ts";
import { defineCommand } from "../command.ts";
import { withoutLayer } from "../contributions.ts";
import { changeLayer, layerOf, mapLayers, type Doc, type Members } from "../document.ts";
import { withAccess } from "../states.ts";

const layer = text({ label: "Layer", help: "Id of the layer.", default: "" });

export const showLayer = defineCommand({
  id: "layer.show",
  group: "layer",
  title: "Show layer",
  help: "Shows or hides a layer. A hidden one is neither drawn nor edited nor exported.",
  params: { layer, visible: toggle({ label: "Visible", help: "Whether it is shown.", default: true }) },
  label: ({ visible }) => (visible ? "Show layer" : "Hide layer"),
  apply: (doc, { layer: id, visible }) => changeLayer(doc, id, (it) => withAccess(it, { visible })),
});

export const soloLayer = defineCommand({
  id: "layer.solo",
  group: "layer",
  title: "Show this layer only",
  help: "Shows one layer and hides all others; shows all if it is the only one shown already.",
  params: { layer },
  apply(doc, { layer: id }) {
    const wanted = layerOf(doc, id);
    const isSolo = doc.layers.every((it) => it.visible === (it === wanted));
    return mapLayers(doc, (it) => withAccess(it, { visible: isSolo || it === wanted }));
  },
});

export const lockLayer = defineCommand({
  id: "layer.lock",
  group: "layer",
  title: "Lock layer",
  help: "Locks or unlocks a layer. A locked one is drawn, but not edited.",
  params: { layer, locked: toggle({ label: "Locked", help: "Whether it is locked.", default: true }) },
  label: ({ locked }) => (locked ? "Lock layer" : "Unlock layer"),
  apply: (doc, { layer: id, locked }) => changeLayer(doc, id, (it) => withAccess(it, { locked })),
});

export const renameLayer = defineCommand({
  id: "layer.rename",
  group: "layer",
  title: "Rename layer",
  help: "Gives a layer another name.",
  params: { layer, name: text({ label: "Name", help: "Its new name.", default: "" }) },
  apply(doc, { layer: id, name: wanted }) {
    const name = wanted.trim();
    if (!name) throw new UserError("A layer needs a name.", "Type at least one character.");
    return changeLayer(doc, id, (it) => (it.name === name ? it : { ...it, name }));
  },
});

export const reorderLayer = defineCommand({
  id: "layer.reorder",
  group: "layer",
  title: "Reorder layers",
  help: "Moves a layer to another place in the list.",
  params: { layer, index: quantity({ label: "Place", help: "Its place in the list, from 0.", default: 0 }) },
  apply(doc, { layer: id, index }) {
    const wanted = layerOf(doc, id);
    const layers = doc.layers.filter((it) => it !== wanted);
    layers.splice(Math.min(Math.max(0, Math.round(index)), layers.length), 0, wanted);
    return layers.every((it, i) => it === doc.layers[i]) ? doc : { ...doc, layers };
  },
});

export const removeLayer = defineCommand({
  id: "layer.remove",
  group: "layer",
  title: "Remove layer",
  help: "Removes a layer with everything in it. It can be undone.",
  params: { layer },
  apply(doc, { layer: id }) {
    const wanted = layerOf(doc, id);
    const layers = doc.layers.filter((it) => it !== wanted);
    return withoutMembers({ ...doc, layers, edits: withoutLayer(doc.edits, id) }, id);
  },
});

/** Forgets what sets and the proposal say of a layer. */
function withoutMembers(doc: Doc, id: string): Doc {
  const without = (members: Members): Members =>
    Object.fromEntries(Object.entries(members).filter(([layerId]) => layerId !== id));
  const sets = doc.sets.map((set) => (id in set.members ? { ...set, members: without(set.members) } : set));
  return { ...doc, sets, ...(doc.proposal && { proposal: without(doc.proposal) }) };
}
