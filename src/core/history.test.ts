import { describe, expect, it } from "vitest";
import type { Change } from "./history.ts";
import { createHistory } from "./history.ts";

/** A document that is a list of words; adding one is a change. */
function words() {
  const document: string[] = [];
  const add = (word: string, sizeBytes = 1): Change => {
    const redo = async (): Promise<void> => void document.push(word);
    const undo = async (): Promise<void> => {
      expect(document.at(-1)).toBe(word);
      document.pop();
    };
    document.push(word);
    return { label: word, sizeBytes, undo, redo };
  };
  return { document, add };
}

describe("history", () => {
  it("undoes and redoes in order", async () => {
    const { document, add } = words();
    const history = createHistory();
    await history.record(add("a"));
    await history.record(add("b"));
    expect(history.status()).toEqual({ undo: "b" });
    await history.undo();
    expect(document).toEqual(["a"]);
    expect(history.status()).toEqual({ undo: "a", redo: "b" });
    await history.undo();
    await history.undo();
    expect(document).toEqual([]);
    expect(history.status()).toEqual({ redo: "a" });
    await history.redo();
    await history.redo();
    await history.redo();
    expect(document).toEqual(["a", "b"]);
  });

  it("forgets what could be redone when something new is done", async () => {
    const { document, add } = words();
    const history = createHistory();
    await history.record(add("a"));
    await history.undo();
    await history.record(add("b"));
    await history.redo();
    expect(document).toEqual(["b"]);
    expect(history.status()).toEqual({ undo: "b" });
  });

  it("takes calls one after the other, however slow they are", async () => {
    const order: string[] = [];
    const slow = (label: string, ms: number): Change => ({
      label,
      sizeBytes: 1,
      redo: async () => undefined,
      undo: async () => {
        await new Promise((done) => setTimeout(done, ms));
        order.push(label);
      },
    });
    const history = createHistory();
    await history.record(slow("first", 0));
    await history.record(slow("second", 20));
    await Promise.all([history.undo(), history.undo()]);
    expect(order).toEqual(["second", "first"]);
  });

  it("stays where it was when an undo fails, and can try again", async () => {
    let broken = true;
    const history = createHistory();
    await history.record({
      label: "fragile",
      sizeBytes: 1,
      redo: async () => undefined,
      undo: async () => {
        if (broken) throw new Error("device lost");
      },
    });
    await expect(history.undo()).rejects.toThrow("device lost");
    expect(history.status()).toEqual({ undo: "fragile" });
    broken = false;
    await history.undo();
    expect(history.status()).toEqual({ redo: "fragile" });
  });

  it("forgets the oldest beyond its budget, never the newest", async () => {
    const { add } = words();
    const history = createHistory({ maxBytes: 10 });
    await history.record(add("a", 6));
    await history.record(add("b", 6));
    await history.undo();
    expect(history.status()).toEqual({ redo: "b" });
    await history.redo();
    await history.record(add("huge", 100));
    await history.undo();
    expect(history.status()).toEqual({ redo: "huge" });
  });

  it("lists what there is and goes to any of it", async () => {
    const { document, add } = words();
    const history = createHistory();
    for (const word of ["a", "b", "c"]) await history.record({ ...add(word, 2), redoBytes: 5 });
    await history.travel(1);
    expect(document).toEqual(["a"]);
    expect(history.list()).toEqual({
      entries: [
        { label: "a", sizeBytes: 2 },
        { label: "b", sizeBytes: 5 },
        { label: "c", sizeBytes: 5 },
      ],
      cursor: 1,
      bytes: 12,
    });
    await history.travel(99);
    expect(document).toEqual(["a", "b", "c"]);
    await history.travel(-1);
    expect(document).toEqual([]);
  });

  it("forgets the newest without undoing it", async () => {
    const { document, add } = words();
    const history = createHistory();
    for (const word of ["a", "b", "c"]) await history.record(add(word));
    await history.undo();
    await history.drop();
    expect(document).toEqual(["a", "b"]);
    expect(history.status()).toEqual({ undo: "a" });
  });
});
