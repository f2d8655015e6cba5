/** Edits from words as parts of the scene that can be taken out and put back. */
import { UserError } from "../../core/errors.ts";
import { text, toggle } from "../../core/params.ts";
import { takeDocument } from "../../scene/document.ts";
import { defineCommand } from "../command.ts";
import { copiedWith } from "../contributions.ts";
import { addLayer, editOf, mapLayers, type Doc, type EditRecord, type Layer } from "../document.ts";
import { layerWith, withEdit, withoutEdit } from "../edits.ts";
import { isAlive, rowsWhere, withAccess } from "../states.ts";

const edit = text({ label: "Edit", help: "Id of the edit.", default: "" });

export const switchEdit = defineCommand({
  id: "edits.switch",
  group: "edit",
  title: "Switch edit",
  help: "Takes what an edit from words has done out of the scene, or puts it back. Later edits stay.",
  params: { edit, isOn: toggle({ label: "On", help: "Whether the scene has it.", default: true }) },
  label: ({ isOn }) => (isOn ? "Switch edit on" : "Switch edit off"),
  apply: (doc, { edit: id, isOn }) => unlocked(doc, withEdit(doc, editOf(doc, id), isOn)),
});

export const removeEdit = defineCommand({
  id: "edits.remove",
  group: "edit",
  title: "Remove edit",
  help: "Takes what an edit from words has done out of the scene for good. Later edits stay. It can be undone.",
  params: { edit },
  apply(doc, { edit: id }) {
    return unlocked(doc, withoutEdit(doc, editOf(doc, id)));
  },
});

export const branchEdit = defineCommand({
  id: "edits.branch",
  group: "edit",
  title: "Branch from edit",
  help: "Copies what an edit from words has changed into layers as they were after it, and hides the layers of now.",
  params: { edit },
  apply(doc, { edit: id }) {
    const wanted = editOf(doc, id);
    const later = doc.edits.slice(doc.edits.indexOf(wanted) + 1);
    const touched = new Set([wanted, ...later].flatMap((it) => it.contributions.map(({ layer }) => layer)));
    const layers = doc.layers.filter((it) => it.visible && touched.has(it.id));
    if (layers.length === 0) {
      throw new UserError("No layer that this edit has changed is shown.", "Show one of them first.");
    }
    const name = (layer: Layer): string => `${layer.name}: ${wanted.target}`;
    return layers.reduce((next, layer) => branched(next, layer, later, name(layer)), doc);
  },
});

/** The next document, unless something in it has changed that is locked. */
function unlocked(doc: Doc, next: Doc): Doc {
  const locked = doc.layers.find((layer, i) => layer.locked && layer !== next.layers[i]);
  if (locked) throw new UserError(`The layer “${locked.name}” is locked.`, "Unlock it first.");
  return next;
}

/** A copy of a layer without the later edits in its place; earlier ones are in both, and can be switched there. */
function branched(doc: Doc, layer: Layer, later: readonly EditRecord[], name: string): Doc {
  const isLater = new Set(later.map(({ id }) => id));
  const asThen = doc.edits.map((it) => (isLater.has(it.id) ? { ...it, isOn: false } : it));
  const { scene } = layerWith(layer, asThen);
  const rows = rowsWhere(layer.state, isAlive);
  const added = addLayer(doc, takeDocument(scene, rows), name);
  const copy = added.layers.at(-1)!.id;
  const edits = doc.edits.flatMap((it) => (isLater.has(it.id) ? it : copiedWith([it], layer.id, rows, copy)));
  return {
    ...mapLayers(added, (it) => (it.id === layer.id ? withAccess(it, { visible: false }) : it)),
    edits,
  };
}
