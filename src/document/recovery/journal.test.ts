import { describe, expect, it } from "vitest";
import { UserError } from "../../core/errors.ts";
import { readScene, writeScene } from "../../formats/index.ts";
import { documentOf, type Doc } from "../document.ts";
import { exportedScene } from "../export.ts";
import { createDocumentStore, type DocumentStore } from "../store.ts";
import { cloud, layeredDocument, sceneOf } from "../testing/layered.ts";
import { memoryStore, type ByteStore } from "./byte-store.ts";
import { createJournal, listSessions, recoverSession, removeSession } from "./journal.ts";

const show = async (): Promise<void> => {};
const file = writeScene(sceneOf("ball.ply", cloud("journal", 50, 2)));
const frame = { up: [0, 1, 0], focus: { center: [0, 0, 0], radius: 1 } } as const;

/** An opened file, changed a few times, one change of them undone. */
async function session() {
  const scene = readScene(file.slice(), "ball.ply");
  const store = createDocumentStore(documentOf(scene, frame), { show });
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const bytes = memoryStore(files);
  const journal = createJournal(bytes, "one");
  journal.adopt(scene);
  const save = (thumbnail?: Uint8Array) =>
    journal.save({ name: "ball.ply", timeline: store.timeline(), ...(thumbnail && { thumbnail }) });
  await store.run({ id: "select.sphere", params: { radius: 0.4 } }, {});
  await store.run({ id: "set.save", params: { name: "middle" } }, {});
  await store.run({ id: "color.grade", params: { saturation: 0 } }, {});
  await store.run({ id: "layer.separate" }, {});
  await store.run({ id: "delete.selected" }, {});
  await store.undo();
  return { store, files, bytes, journal, save };
}

const written = (store: DocumentStore): Uint8Array => writeScene(exportedScene(store.doc));
const plain = (doc: Doc): unknown =>
  structuredClone({
    ...doc,
    layers: doc.layers.map(({ scene, ...rest }) => ({ ...rest, splats: scene.splats })),
  });

async function recovered(bytes: ByteStore) {
  const { timeline, journal, name } = await recoverSession(bytes, "one");
  return { store: createDocumentStore(timeline, { show }), journal, name, timeline };
}

describe("a journal", () => {
  it("gives back the document with its history, and the file it would make, to the bit", async () => {
    const { store, bytes, save } = await session();
    await save(Uint8Array.of(1, 2, 3));
    const [entry] = await listSessions(bytes);
    expect(entry).toMatchObject({ id: "one", name: "ball.ply", changes: 4 });
    expect([...new Uint8Array(entry!.thumbnail!)]).toEqual([1, 2, 3]);

    const again = (await recovered(bytes)).store;
    expect(again.history.list()).toEqual(store.history.list());
    expect(plain(again.doc)).toEqual(plain(store.doc));
    expect(written(again)).toEqual(written(store));
    for (const step of [4, 0, 5, 2]) {
      await Promise.all([again.travel(step), store.travel(step)]);
      expect(plain(again.doc)).toEqual(plain(store.doc));
    }
    await again.travel(0);
    expect(written(again)).toEqual(file);
  });

  it("writes each array once, and none that the file has", async () => {
    const { store, files, save } = await session();
    await save();
    const first = [...files.keys()].filter((path) => path.includes("blob"));
    const floats = 50 * (3 + 4 + 3 + 1);
    const bytes = first.reduce((sum, path) => sum + files.get(path)!.length, 0);
    expect(bytes).toBeLessThan(file.length + 2 * 4 * (floats + 50 * 27));
    const before = store.doc;
    await store.run({ id: "select.none" }, {});
    await save();
    const changed = store.doc.layers.filter(({ state }, i) => state !== before.layers[i]!.state);
    const second = [...files.keys()].filter((path) => path.includes("blob") && !first.includes(path));
    expect(second.map((path) => files.get(path)!.length)).toEqual(changed.map(({ state }) => state.length));
  });

  it("goes on after a recovery without writing everything again", async () => {
    const { bytes, files, save } = await session();
    await save();
    const before = new Set(files.keys());
    const { store, journal, name } = await recovered(bytes);
    await store.run({ id: "select.all" }, {});
    await journal.save({ name, timeline: store.timeline() });
    const added = [...files.keys()].filter((path) => !before.has(path));
    expect(added.filter((path) => path.includes("blob")).length).toBeLessThanOrEqual(store.doc.layers.length);
    expect(plain((await recovered(bytes)).store.doc)).toEqual(plain(store.doc));
  });

  it("survives a crash at any write, with what was saved before or with the new", async () => {
    for (let crashAt = 0; ; crashAt++) {
      const { store, files, journal, save } = await session();
      await save();
      const before = plain(store.doc);
      await store.run({ id: "transform.apply", params: { target: "all", translation: [1, 0, 0] } }, {});
      let writes = 0;
      const crashing: ByteStore = {
        ...memoryStore(files),
        write: async (path, bytes) => {
          if (writes++ === crashAt) throw new Error("the tab was closed");
          files.set(path, bytes.slice());
        },
      };
      const crashed = createJournal(crashing, journal.id, ...(await continued(files)));
      const outcome = await crashed.save({ name: "ball.ply", timeline: store.timeline() }).then(
        () => "saved",
        () => "crashed",
      );
      const found = plain((await recovered(memoryStore(files))).store.doc);
      expect(found).toEqual(outcome === "saved" ? plain(store.doc) : before);
      if (outcome === "saved") break;
      expect(crashAt).toBeLessThan(50);
    }
  });

  it("leaves the save before as it was, and nothing else, when the disk is full", async () => {
    const { store, files, journal, save } = await session();
    await save();
    await save();
    const before = new Map(files);
    await store.run({ id: "transform.apply", params: { target: "all", translation: [1, 0, 0] } }, {});
    for (const room of [0, 1, 2]) {
      let written = 0;
      const full: ByteStore = {
        ...memoryStore(files),
        write: async (path, bytes) => {
          if (written++ === room) throw new DOMException("full", "QuotaExceededError");
          files.set(path, bytes.slice());
        },
      };
      const crowded = createJournal(full, journal.id, ...(await continued(files, "one/manifest-a")));
      await expect(crowded.save({ name: "ball.ply", timeline: store.timeline() })).rejects.toThrow("full");
      expect(files).toEqual(before);
    }
  });

  it("falls back to the save before where the last one is damaged", async () => {
    const { store, bytes, files, save } = await session();
    await save();
    const before = plain(store.doc);
    await store.run({ id: "select.all" }, {});
    await save();
    const newest = files.get("one/manifest-a")!;
    files.set("one/manifest-a", newest.slice(0, newest.length - 9));
    expect(plain((await recovered(bytes)).store.doc)).toEqual(before);
    files.set("one/manifest-b", Uint8Array.of());
    expect(await listSessions(bytes)).toEqual([]);
    await expect(recoverSession(bytes, "one")).rejects.toThrow(UserError);
  });

  it("keeps layers of no file, sets and proposals' document too", async () => {
    const bytes = memoryStore();
    const doc = layeredDocument();
    await createJournal(bytes, "one").save({
      name: "layers",
      timeline: { docs: [doc], labels: [], cursor: 0 },
    });
    const { proposal: _, ...rest } = doc;
    expect(plain((await recovered(bytes)).store.doc)).toEqual(plain(rest));
  });

  it("leaves nothing behind when it is cleared", async () => {
    const { files, journal, save, bytes } = await session();
    await save();
    await journal.clear();
    expect([...files.keys()]).toEqual([]);
    await save();
    await removeSession(bytes, "one");
    expect([...files.keys()]).toEqual([]);
  });
});

/** What a journal needs to go on in the same place, with a store of another kind. */
async function continued(files: Map<string, Uint8Array<ArrayBuffer>>, manifest = "one/manifest-b") {
  const table = new (await import("./encode.ts")).BlobTable();
  const numbers = [...files.keys()]
    .filter((path) => path.includes("blob-"))
    .map((path) => Number(path.split("-")[1]));
  table.reserve(1 + Math.max(...numbers));
  const { decodeManifest } = await import("./manifest.ts");
  return [table, decodeManifest(files.get(manifest))] as const;
}
