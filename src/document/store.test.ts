import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { addEdit, STATE, type Doc } from "./document.ts";
import { createDocumentStore } from "./store.ts";
import { layeredDocument } from "./testing/layered.ts";

function open(maxBytes?: number) {
  const shown: Doc[] = [];
  let broken = false;
  const store = createDocumentStore(
    { ...layeredDocument(), edits: [] },
    {
      show: async (doc) => {
        if (broken) throw new UserError("It does not fit.");
        shown.push(doc);
      },
      ...(maxBytes !== undefined && { maxBytes }),
    },
  );
  const labels = () => store.history.list().entries.map(({ label }) => label);
  return { store, shown, labels, breakIt: (is: boolean) => (broken = is) };
}
const all = { id: "select.all" };
const record = { source: "an apple", target: "a pear", method: "ssd", steps: 9, seed: 1 };

describe("a document store", () => {
  it("describes what there is", async () => {
    const { store } = open();
    const { layers, total, selected, sets, proposed, unsaved, up } = store.info();
    expect(layers.map(({ id, count, shDegree }) => [id, count, shDegree])).toEqual([
      ["layer-1", 60, 3],
      ["layer-2", 60, 1],
      ["layer-3", 60, 0],
    ]);
    const count = (bit: number) =>
      store.doc.layers.reduce((sum, { state }) => sum + state.filter((bits) => bits & bit).length, 0);
    expect(total).toBe(180 - count(STATE.deleted));
    expect(selected).toBe(count(STATE.selected));
    expect({ sets, proposed, unsaved, up }).toEqual({
      sets: [{ id: "set-1", name: "half", count: 30 }],
      proposed: 30,
      unsaved: false,
      up: [0, -1, 0],
    });
  });

  it("changes nothing when a command fails, or the result cannot be shown", async () => {
    const { store, shown, breakIt } = open();
    const before = store.doc;
    await expect(store.run({ id: "no.such" }, {})).rejects.toThrow(UserError);
    await expect(store.run({ id: "layer.remove", params: { layer: "x" } }, {})).rejects.toThrow(UserError);
    breakIt(true);
    await expect(store.run(all, {})).rejects.toThrow("It does not fit.");
    expect([store.doc, shown.length, store.history.list().entries.length]).toEqual([before, 0, 0]);
    breakIt(false);
    await store.run(all, {});
    expect(store.history.status()).toEqual({ undo: "Select all" });
    breakIt(true);
    await expect(store.undo()).rejects.toThrow("It does not fit.");
    expect(store.history.status()).toEqual({ undo: "Select all" });
  });

  it("amends the last change only while nothing else is", async () => {
    const { store, labels } = open();
    const grade = (brightness: number, amend: boolean) =>
      store.run({ id: "color.grade", params: { target: "all", brightness }, amend }, {});
    await grade(1.1, false);
    await grade(1.2, false);
    await store.undo();
    expect(store.info().amendable).toBeUndefined(); // the first one, which others are not to be taken for
    await store.redo();
    expect(store.info().amendable).toBe("color.grade");
    await store.undo();
    await grade(1.3, true);
    expect(labels()).toEqual(["Grade color", "Grade color"]);
  });

  it("keeps one entry while a slider is dragged, from where it began", async () => {
    const { store, labels } = open();
    const before = store.doc;
    const grade = (brightness: number) =>
      store.run({ id: "color.grade", params: { target: "all", brightness }, amend: true }, {});
    await store.run(all, {});
    const selected = store.doc;
    for (const brightness of [1.1, 1.2, 1.3]) await grade(brightness);
    expect(labels()).toEqual(["Select all", "Grade color"]);
    const direct = open().store;
    await direct.run({ id: "color.grade", params: { target: "all", brightness: 1.3 } }, {});
    expect(store.doc.layers[0]!.scene.splats.sh).toEqual(direct.doc.layers[0]!.scene.splats.sh);
    expect(store.info().amendable).toBe("color.grade");
    await grade(1); // back where it began
    expect(labels()).toEqual(["Select all"]);
    expect(store.info().amendable).toBeUndefined();
    expect(store.doc).toBe(selected);
    await store.undo();
    expect(store.doc).toBe(before);
  });

  it("does not amend what came before something else", async () => {
    const { store, labels } = open();
    const move = { id: "transform.apply", params: { target: "all", translation: [1, 0, 0] }, amend: true };
    await store.run(move, {});
    await store.run(all, {});
    await store.run(move, {});
    expect(labels()).toEqual(["Move", "Select all", "Move"]);
  });

  it("leaves no trace of a command that changes nothing", async () => {
    const { store, labels } = open();
    await store.run(all, {});
    await store.run(all, {});
    expect(labels()).toEqual(["Select all"]);
  });

  it("travels to any entry, and says which edits are in effect there", async () => {
    const { store } = open();
    await store.commit("a pear", (doc) => addEdit(doc, doc, record));
    await store.commit("a plum", (doc) => addEdit(doc, doc, { ...record, target: "a plum" }));
    await store.travel(1);
    expect(store.info().edits.map(({ target, active }) => [target, active])).toEqual([
      ["a pear", true],
      ["a plum", false],
    ]);
    await store.run(all, {});
    expect(store.info().edits.map(({ target }) => target)).toEqual(["a pear"]);
  });

  it("knows whether anything in the file has changed since it was saved", async () => {
    const { store } = open();
    const unsaved = () => store.info().unsaved;
    await store.run(all, {});
    expect(unsaved()).toBe(false);
    await store.run({ id: "delete.selected" }, {});
    expect(unsaved()).toBe(true);
    store.markSaved();
    expect(unsaved()).toBe(false);
    await store.undo();
    expect(unsaved()).toBe(true);
  });

  it("that was recovered is unsaved wherever in its history one goes, until it is saved", async () => {
    const { store } = open();
    await store.run(all, {});
    const again = createDocumentStore(store.timeline(), { show: async () => {}, isSaved: false });
    expect(again.history.status()).toEqual({ undo: "Select all" });
    await again.undo();
    expect(again.info().unsaved).toBe(true);
    again.markSaved();
    expect(again.info().unsaved).toBe(false);
  });

  it("forgets the oldest changes beyond its bytes, counting only what they do not share", async () => {
    const { store, labels } = open(400);
    await store.run(all, {}); // three layers' states
    await store.run({ id: "select.none" }, {});
    expect(store.history.list().bytes).toBe(360);
    await store.run({ id: "select.invert" }, {});
    expect(labels()).toEqual(["Select none", "Invert selection"]);
  });
});
