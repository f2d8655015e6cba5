import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { documentOf } from "../document/document.ts";
import { memoryStore } from "../document/recovery/byte-store.ts";
import { createDocumentStore } from "../document/store.ts";
import { readScene, writeScene } from "../formats/index.ts";
import { pointScene } from "../scene/testing/point-scene.ts";
import { createRecovery } from "./recovery.ts";
import { memoryLocks } from "./tab-locks.ts";

const file = writeScene({
  name: "dots.ply",
  splats: pointScene(Array.from({ length: 30 }, (_, x) => [x, 0, 0] as const)),
  metadata: { comments: [], antialiased: false },
  warnings: [],
});
const frame = { up: [0, 1, 0], focus: { center: [0, 0, 0], radius: 1 } } as const;

/** A tab with a document, in a browser that several share. */
async function tab(browser: { files: Map<string, Uint8Array<ArrayBuffer>>; held: Set<string> }) {
  const mine = new Set<string>();
  const timers: (() => void)[] = [];
  const scene = readScene(file.slice(), "dots.ply");
  let store = createDocumentStore(documentOf(scene, frame), { show: async () => {} });
  const shared = memoryLocks(browser.held);
  const recovery = createRecovery({
    store: memoryStore(browser.files),
    locks: {
      async hold(name) {
        const release = await shared.hold(name);
        if (release) mine.add(name);
        return release;
      },
    },
    snapshot: async () =>
      store.info().unsaved ? { name: "dots.ply", timeline: store.timeline() } : undefined,
    onError: (error) => {
      throw error;
    },
    now: () => 0,
    later: (callback) => void timers.push(callback),
  });
  await recovery.begin(scene);
  return {
    recovery,
    get store() {
      return store;
    },
    async work() {
      await store.run({ id: "select.range", params: { attribute: "x", max: 4 } }, {});
      await store.run({ id: "delete.selected" }, {});
      recovery.note();
    },
    async settle() {
      for (const callback of timers.splice(0)) callback();
      for (let i = 0; i < 300; i++) await Promise.resolve();
    },
    crash() {
      for (const name of mine) browser.held.delete(name);
    },
    async take(id: string) {
      await recovery.take(id, async (_name, timeline) => {
        store = createDocumentStore(timeline, { show: async () => {} });
      });
    },
  };
}
const browser = () => ({ files: new Map<string, Uint8Array<ArrayBuffer>>(), held: new Set<string>() });

describe("recovery", () => {
  it("offers what a crashed tab has left, not what an open one works on", async () => {
    const shared = browser();
    const first = await tab(shared);
    await first.work();
    await first.settle();
    const second = await tab(shared);
    expect(await second.recovery.list()).toEqual([]);
    first.crash();
    const [entry] = await second.recovery.list();
    expect(entry).toMatchObject({ name: "dots.ply", changes: 2 });
    await second.take(entry!.id);
    expect(second.store.info().total).toBe(25);
    await second.store.travel(0);
    expect(second.store.info().total).toBe(30);
    const third = await tab(shared);
    expect(await third.recovery.list()).toEqual([]);
    await expect(third.take(entry!.id)).rejects.toThrow(UserError);
  });

  it("forgets what has been saved to a file, and what is discarded", async () => {
    const shared = browser();
    const first = await tab(shared);
    await first.work();
    await first.settle();
    expect(shared.files.size).toBeGreaterThan(0);
    first.store.markSaved();
    first.recovery.note();
    await first.settle();
    expect(shared.files.size).toBe(0);

    await first.store.run({ id: "select.all" }, {});
    await first.store.run({ id: "delete.selected" }, {});
    first.recovery.note();
    await first.settle();
    first.crash();
    const second = await tab(shared);
    const [entry] = await second.recovery.list();
    await second.recovery.discard(entry!.id);
    expect(shared.files.size).toBe(0);
  });

  it("ends with the document when another is opened", async () => {
    const shared = browser();
    const first = await tab(shared);
    await first.work();
    await first.settle();
    await first.recovery.begin(readScene(file.slice(), "dots.ply"));
    expect([shared.files.size, shared.held.size]).toEqual([0, 0]);
  });
});
