import { describe, expect, it } from "vitest";
import { resolveFields, type AnyFields } from "../../core/params.ts";
import { testCamera } from "../../raster/testing/scenes.ts";
import { UserError } from "../../core/errors.ts";
import { ATTRIBUTES } from "../../scene/attributes.ts";
import { sameBits } from "../../scene/splats.ts";
import { UNTOUCHABLE, type Doc } from "../document.ts";
import { createDocumentStore } from "../store.ts";
import { isSelected } from "../states.ts";
import { layeredDocument } from "../testing/layered.ts";
import { commands } from "./index.ts";

const context = { camera: testCamera(64, 48) };
/** Values with which a command has something to do, where its defaults have not. */
const EXAMPLES: Readonly<Record<string, AnyFields>> = {
  "layer.show": { layer: "layer-2", visible: false },
  "layer.solo": { layer: "layer-2" },
  "layer.lock": { layer: "layer-1", locked: true },
  "layer.rename": { layer: "layer-1", name: "apple" },
  "layer.reorder": { layer: "layer-1", index: 2 },
  "layer.remove": { layer: "layer-2" },
  "layer.duplicate": { layer: "layer-1" },
  "select.layer": { layer: "layer-1" },
  "select.range": { attribute: "hue", min: 0.2, max: 0.6 },
  "select.color": { color: [0.5, 0.5, 0.5], threshold: 0.2 },
  "select.flood": { point: [0, 0, 0], threshold: 0.6, reach: 0.8 },
  "select.grow": { reach: 0.3 },
  "select.shrink": { reach: 0.2 },
  "select.sphere": { radius: 0.5, mode: "add" },
  "select.box": { size: [1, 0.4, 2], rotation: [1, 0.3, 0, 0], mode: "remove" },
  "crop.box": { size: [1, 1, 1] },
  "crop.sphere": { radius: 0.5, keep: "outside" },
  "set.save": { name: "fruit" },
  "set.select": { set: "set-1", mode: "add" },
  "set.remove": { set: "set-1" },
  "transform.apply": { translation: [1, 2, 3], rotation: [1, 0.5, 0, 0], scale: 2, pivot: [0, 1, 0] },
  "edits.switch": { edit: "edit-4", isOn: false },
  "edits.remove": { edit: "edit-4" },
  "edits.branch": { edit: "edit-4" },
  "color.grade": { brightness: 1.2, saturation: 0.5, opacity: 0.8 },
};

/** Everything a document says, arrays as copies of their bytes. */
const snapshot = (doc: Doc): Doc => structuredClone(doc);

describe.each(commands.all.map((command) => [command.id, command] as const))("%s", (id, command) => {
  const values = EXAMPLES[id] ?? {};

  it("does, undoes and redoes to the bit, and does the same again", async () => {
    const opened = layeredDocument();
    const store = createDocumentStore(opened, { show: async () => {} });
    const before = snapshot(opened);
    await store.run({ id, params: values }, context);
    const labels = command.transient ? [] : [command.label(values)];
    expect(store.history.list().entries.map(({ label }) => label)).toEqual(labels);
    const after = snapshot(store.doc);
    expect(snapshot(opened)).toEqual(before);
    expect(after).not.toEqual(before);
    for (let round = 0; round < 2 && !command.transient; round++) {
      await store.undo();
      expect(snapshot(store.doc)).toEqual(before);
      await store.redo();
      expect(snapshot(store.doc)).toEqual(after);
    }
    expect(snapshot(await command.apply(layeredDocument(), values, context))).toEqual(after);
  });

  it("selects only what can be selected, and keeps every array it does not change", async () => {
    const opened = layeredDocument();
    const doc = await command.apply(opened, values, context);
    for (const { id: layer, state, visible, locked, scene } of doc.layers) {
      expect(state.length).toBe(scene.splats.count);
      const wrong = state.filter((bits) => isSelected(bits) && (bits & UNTOUCHABLE || !visible || locked));
      expect([...wrong]).toEqual([]);
      const before = opened.layers.find((candidate) => candidate.id === layer);
      if (!before) continue;
      for (const attribute of ATTRIBUTES) {
        const [now, then] = [scene.splats[attribute], before.scene.splats[attribute]];
        if (sameBits(now, then)) expect(now, attribute).toBe(then);
      }
    }
  });

  it("is described in words, and takes anything for values", async () => {
    expect(command.title && command.help).toBeTruthy();
    for (const field of Object.values(command.params)) expect(field.label && field.help).toBeTruthy();
    const junk = Object.fromEntries(Object.keys(command.params).map((key) => [key, null as never]));
    expect(resolveFields(command.params, junk)).toEqual(resolveFields(command.params));
    try {
      await command.apply(layeredDocument(), junk, context);
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
    }
  });
});
