import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { addEdit, type Doc } from "../document/document.ts";
import { flatten, unflatten } from "../document/flatten.ts";
import { readScene, writeScene } from "../formats/index.ts";
import { copySplats, splatsEqual } from "../scene/splats.ts";
import { pointScene } from "../scene/testing/point-scene.ts";
import { openScene } from "./open-scene.ts";
import type { EditInfo } from "./protocol.ts";

const splats = pointScene(
  Array.from({ length: 200 }, (_, i) => [Math.cos(i), 0.3 * Math.sin(3 * i), Math.sin(i)] as const),
);
const file = writeScene({
  name: "ring.ply",
  splats,
  metadata: { comments: [], antialiased: false },
  warnings: [],
});

function open(hints = {}) {
  const shown: Doc[] = [];
  const scene = openScene(readScene(file.slice(), "ring.ply"), hints, async (next) => void shown.push(next));
  const redder = copySplats(scene.compared("original"));
  for (let i = 0; i < redder.sh.length; i += 3) redder.sh[i]! += 1;
  const redden = () => scene.store.commit("red", (doc) => unflatten(doc, flatten(doc), redder));
  const current = () => scene.store.doc.layers[0]!.scene.splats;
  return { scene, shown, redder, redden, current };
}

describe("an open scene", () => {
  it("tells what is in the file and where to look", () => {
    const { scene } = open();
    expect(scene.info).toMatchObject({ name: "ring.ply", count: 200, shDegree: 0, warnings: [] });
    expect(Math.hypot(...scene.info.focus.center)).toBeLessThan(0.3);
    expect(scene.info.focus.radius).toBeGreaterThan(0.5);
  });

  it("believes what the opener knows over its own guesses", () => {
    const region = { center: [1, 2, 3] as const, radius: 4 };
    expect(open({ region, up: [0, 0, 1] }).scene.info).toMatchObject({ focus: region, up: [0, 0, 1] });
  });

  it("undoes and redoes an edit to the bit, and shows each", async () => {
    const { scene, shown, redder, redden, current } = open();
    await redden();
    expect(scene.store.history.status()).toEqual({ undo: "red" });
    await scene.store.undo();
    expect(splatsEqual(current(), scene.compared("original"))).toBe(true);
    await scene.store.redo();
    expect(splatsEqual(current(), redder)).toBe(true);
    expect(shown).toHaveLength(3);
    expect(shown[1]!.layers[0]!.scene.splats).toBe(scene.compared("original"));
  });

  it("can be compared with itself without an edit, which then is the same until something changes", async () => {
    const { scene, redder } = open();
    const record = { source: "a ring", target: "a red ring", method: "ssd", steps: 1, seed: 0 };
    await scene.store.commit("red", (doc) => addEdit(doc, unflatten(doc, flatten(doc), redder), record));
    const [{ id }] = scene.store.info().edits as [EditInfo];
    const without = scene.compared({ without: id });
    expect(splatsEqual(without, scene.compared("original"))).toBe(true);
    expect(scene.compared({ without: id })).toBe(without);
    expect(() => scene.compared({ without: "edit-99" })).toThrow(UserError);
  });

  it("keeps only the arrays that an edit changed", async () => {
    const { scene, redden, current } = open();
    await redden();
    expect(current().means).toBe(scene.compared("original").means);
    expect(current().sh).not.toBe(scene.compared("original").sh);
  });

  it("saves the file it was opened from until something changes", async () => {
    const { scene, redder, redden } = open();
    expect(scene.save()).toEqual({ name: "ring-edited.ply", bytes: file });
    await redden();
    const saved = scene.save();
    const again = openScene(readScene(saved.bytes, saved.name), {}, async () => {});
    expect(splatsEqual(again.compared("original"), redder)).toBe(true);
    expect(again.save().name).toBe("ring-edited.ply");
  });
});
