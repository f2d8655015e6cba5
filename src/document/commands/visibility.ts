import { defineCommand } from "../command.ts";
import { STATE, type Doc } from "../document.ts";
import { deselected, isSelected, isTouchable, mapEditable, needSelection } from "../states.ts";

/** Sets a bit of what is selected, which is not selected any more then. */
const mark = (doc: Doc, bit: number): Doc => {
  needSelection(doc);
  return mapEditable(doc, () => (bits) => (isSelected(bits) ? deselected(bits) | bit : bits));
};
/** Clears a bit of everything that can be changed. */
const clear = (doc: Doc, bit: number): Doc => mapEditable(doc, () => (bits) => bits & ~bit);

export const hideSelected = defineCommand({
  id: "hide.selected",
  group: "edit",
  title: "Hide selection",
  help: "Hides what is selected: it is not drawn, not edited, and still part of the file.",
  apply: (doc) => mark(doc, STATE.hidden),
});

export const isolate = defineCommand({
  id: "hide.others",
  group: "edit",
  title: "Isolate selection",
  help: "Hides everything but what is selected.",
  apply(doc) {
    needSelection(doc);
    return mapEditable(
      doc,
      () => (bits) => (isTouchable(bits) && !isSelected(bits) ? bits | STATE.hidden : bits),
    );
  },
});

export const reveal = defineCommand({
  id: "hide.reveal",
  group: "edit",
  title: "Reveal all",
  help: "Shows everything that is hidden.",
  apply: (doc) => clear(doc, STATE.hidden),
});

export const lockSelected = defineCommand({
  id: "lock.selected",
  group: "edit",
  title: "Lock selection",
  help: "Locks what is selected: it is drawn, but can be neither selected nor edited.",
  apply: (doc) => mark(doc, STATE.locked),
});

export const unlock = defineCommand({
  id: "lock.release",
  group: "edit",
  title: "Unlock all",
  help: "Unlocks everything that is locked.",
  apply: (doc) => clear(doc, STATE.locked),
});

export const deleteSelected = defineCommand({
  id: "delete.selected",
  group: "edit",
  title: "Delete selection",
  help: "Deletes what is selected. It can be undone.",
  apply: (doc) => mark(doc, STATE.deleted),
});
