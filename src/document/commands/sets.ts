import { UserError } from "../../core/errors.ts";
import { text } from "../../core/params.ts";
import { defineCommand } from "../command.ts";
import type { Doc, NamedSet } from "../document.ts";
import { membersHit, modeParam, selectionOf, selectWhere } from "../select.ts";
import { needSelection } from "../states.ts";

const set = text({ label: "Set", help: "Id of the set.", default: "" });

function setOf(doc: Doc, id: string): NamedSet {
  const found = doc.sets.find((candidate) => candidate.id === id);
  if (!found) throw new UserError(`There is no selection set “${id}”.`, "Save a selection first.");
  return found;
}

export const saveSet = defineCommand({
  id: "set.save",
  group: "select",
  title: "Save selection",
  help: "Keeps the selection under a name; a set of that name is replaced.",
  params: { name: text({ label: "Name", help: "What to call it.", default: "" }) },
  label: ({ name }) => (name ? `Save selection “${name}”` : "Save selection"),
  apply(doc, { name: given }) {
    needSelection(doc);
    const name = given.trim() || `Set ${doc.sets.length + 1}`;
    const members = selectionOf(doc);
    const known = doc.sets.find((candidate) => candidate.name === name);
    if (known) {
      return { ...doc, sets: doc.sets.map((it) => (it === known ? { ...it, members } : it)) };
    }
    const saved = { id: `set-${doc.nextId}`, name, members };
    return { ...doc, sets: [...doc.sets, saved], nextId: doc.nextId + 1 };
  },
});

export const selectSet = defineCommand({
  id: "set.select",
  group: "select",
  title: "Select set",
  help: "Selects what was saved under a name.",
  params: { set, mode: modeParam },
  apply: (doc, { set: id, mode }) => selectWhere(doc, mode, membersHit(setOf(doc, id).members)),
});

export const removeSet = defineCommand({
  id: "set.remove",
  group: "select",
  title: "Remove set",
  help: "Forgets a saved selection; its splats stay.",
  params: { set },
  apply(doc, { set: id }) {
    const gone = setOf(doc, id);
    return { ...doc, sets: doc.sets.filter((it) => it !== gone) };
  },
});
