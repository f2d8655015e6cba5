import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import type { AnyFields } from "../core/params.ts";
import { ATTRIBUTES, type Splats } from "../scene/attributes.ts";
import { concatSplats, splatsEqual, takeSplats } from "../scene/splats.ts";
import { withinBytes } from "./contributions.ts";
import { commands } from "./commands/index.ts";
import { addLayer, documentOf, type Doc } from "./document.ts";
import { isSelected, rowsWhere } from "./states.ts";
import { createDocumentStore } from "./store.ts";
import { cloud, sceneOf, wordsEdited } from "./testing/layered.ts";

const frame = { up: [0, 1, 0], focus: { center: [0, 0, 0], radius: 1 } } as const;
/** Two layers, nothing done yet. */
const opened = (): Doc =>
  addLayer(documentOf(sceneOf("a.ply", cloud("a", 40, 2)), frame), sceneOf("b.ply", cloud("b", 30, 1)));

const BLUE = "edit-3";
const SMALL = "edit-4";
/** Everything becomes blue, then a few splats small. */
const twice = (doc: Doc): Doc => wordsEdited(wordsEdited(doc, "blue"), "small", 8);

const run = async (doc: Doc, id: string, params: AnyFields = {}): Promise<Doc> =>
  commands.get(id).apply(doc, params, {});
const off = (doc: Doc, edit: string): Promise<Doc> => run(doc, "edits.switch", { edit, isOn: false });
const on = (doc: Doc, edit: string): Promise<Doc> => run(doc, "edits.switch", { edit, isOn: true });

const splatsOf = ({ layers }: Doc): Splats[] => layers.map(({ scene }) => scene.splats);
const expectSame = (a: Doc, b: Doc): void => {
  expect(splatsOf(a).map((splats, i) => splatsEqual(splats, splatsOf(b)[i]!))).toEqual(
    a.layers.map(() => true),
  );
};
const farthest = (a: Splats, b: Splats): number =>
  Math.max(...ATTRIBUTES.map((name) => Math.max(...a[name].map((v, i) => Math.abs(v - b[name][i]!)))));

describe("an edit from words in the scene", () => {
  it("goes and comes back to the bit where nothing else has touched its splats", async () => {
    const doc = twice(opened());
    const without = await off(doc, SMALL);
    expectSame(without, wordsEdited(opened(), "blue"));
    expectSame(await on(without, SMALL), doc);
    expectSame(await off(without, BLUE), opened());
  });

  it("leaves the later one in place when it goes, and the other way round", async () => {
    const doc = twice(opened());
    const without = await off(doc, BLUE);
    const onlyLater = wordsEdited(opened(), "small", 8);
    for (const [k, splats] of splatsOf(without).entries()) {
      expect(farthest(splats, splatsOf(onlyLater)[k]!)).toBeLessThan(1e-6);
    }
    expectSame(await on(without, BLUE), doc);
  });

  it.each<[string, AnyFields]>([
    ["transform.apply", { target: "all", rotation: [0.6, 0.8, 0, 0], scale: 2, translation: [1, 2, 3] }],
    ["transform.orient", { up: [1, 0, 0] }],
    ["color.grade", { target: "layer-1", brightness: 1.3, opacity: 0.5 }],
  ])("goes along with %s, as if it had never been there", async (id, params) => {
    const changed = await run(twice(opened()), id, params);
    expectSame(await off(await off(changed, SMALL), BLUE), await run(opened(), id, params));
  });

  it.each(["layer.separate", "layer.duplicate-selection"])(
    "goes along with copies of splats: %s",
    async (id) => {
      const half = await run(twice(opened()), "select.box", { center: [5, 0, 0], size: [10, 9, 9] });
      const clean = await off(await off(await run(half, id), SMALL), BLUE);
      const { layers } = await off(await off(half, SMALL), BLUE);
      const pieces = layers.map(({ scene, state }) => takeSplats(scene.splats, rowsWhere(state, isSelected)));
      expect(pieces[0]!.count * pieces[1]!.count).toBeGreaterThan(0);
      expect(splatsEqual(splatsOf(clean)[2]!, concatSplats(pieces))).toBe(true);
    },
  );

  it("goes along with a part of a layer that is moved, and stays with the rest", async () => {
    const half = await run(twice(opened()), "select.box", { center: [5, 0, 0], size: [10, 9, 9] });
    const move = { rotation: [0.6, 0.8, 0, 0], translation: [0, 1, 0] };
    const clean = await off(await off(await run(half, "transform.apply", move), SMALL), BLUE);
    expectSame(clean, await run(await off(await off(half, SMALL), BLUE), "transform.apply", move));
  });

  it("can be removed from under a later one, which then stands alone", async () => {
    const doc = twice(opened());
    const removed = await run(doc, "edits.remove", { edit: BLUE });
    expectSame(removed, await off(doc, BLUE));
    expectSame(await off(removed, SMALL), opened());
    await expect(on(removed, BLUE)).rejects.toThrow(UserError);
    expect((await run(removed, "edits.remove", { edit: SMALL })).edits).toEqual([]);
  });

  it("survives a merge of its layers", async () => {
    const merged = await run(twice(opened()), "layer.merge");
    const clean = await off(await off(merged, SMALL), BLUE);
    expectSame(clean, await run(opened(), "layer.merge"));
  });

  it("takes no part in a layer that is gone, and none of a locked one", async () => {
    const less = await run(twice(opened()), "layer.remove", { layer: "layer-1" });
    expectSame(
      await off(await off(less, SMALL), BLUE),
      await run(opened(), "layer.remove", { layer: "layer-1" }),
    );
    const locked = await run(twice(opened()), "layer.lock", { layer: "layer-1", locked: true });
    await expect(off(locked, BLUE)).rejects.toThrow(UserError);
  });
});

describe("branching", () => {
  it("shows the scene as it was after an edit, keeps the one of now, and edits of both can be switched", async () => {
    const doc = twice(opened());
    const branch = await run(doc, "edits.branch", { edit: BLUE });
    expect(branch.layers.map(({ visible }) => visible)).toEqual([false, false, true, true]);
    const [a, b, copyA, copyB] = splatsOf(branch) as [Splats, Splats, Splats, Splats];
    expect([a, b]).toEqual(splatsOf(doc));
    const after = splatsOf(wordsEdited(opened(), "blue"));
    expect([splatsEqual(copyA, after[0]!), splatsEqual(copyB, after[1]!)]).toEqual([true, true]);
    const [, , cleanA] = splatsOf(await off(branch, BLUE));
    expect(splatsEqual(cleanA!, splatsOf(opened())[0]!)).toBe(true);
    await expect(run(branch, "edits.branch", { edit: SMALL })).rejects.toThrow(UserError);
  });
});

it("keeps what the newest edits have done where not all of it fits, and those can still be switched", async () => {
  const blue = wordsEdited(opened(), "blue");
  const both = wordsEdited(blue, "small", 8);
  const edits = withinBytes(both.edits, 1);
  expect(edits.map(({ contributions }) => contributions.length)).toEqual([0, 2]);
  expect(withinBytes(both.edits, 1e9)).toEqual(both.edits);
  expectSame(await off({ ...both, edits }, SMALL), blue);
});

describe("a list of edits", () => {
  it("names each once, undone ones last, and removed ones only while that can be redone", async () => {
    const store = createDocumentStore(opened(), { show: async () => {} });
    await store.commit("blue", (doc) => wordsEdited(doc, "blue"));
    await store.commit("small", (doc) => wordsEdited(doc, "small", 8));
    await store.run({ id: "edits.remove", params: { edit: BLUE } }, {});
    const listed = () => store.info().edits.map(({ id, active }) => [id, active]);
    expect(listed()).toEqual([[SMALL, true]]);
    await store.undo();
    expect(listed()).toEqual([
      [BLUE, true],
      [SMALL, true],
    ]);
    await store.undo();
    expect(listed()).toEqual([
      [BLUE, true],
      [SMALL, false],
    ]);
  });
});
