import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { FileBusyError, StoreFullError } from "./byte-store.ts";
import type { ByteStore } from "./byte-store.ts";
import { diskStore } from "./disk-store.node.ts";
import { opfsStore } from "./opfs-store.ts";
import { memoryFileSystem } from "./testing/memory-handles.ts";

const folder = mkdtempSync(join(tmpdir(), "splatsmith-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

const browser = (capacity = Infinity): ByteStore => {
  const { root, quota } = memoryFileSystem({ capacity });
  return opfsStore(() => Promise.resolve(root), quota);
};
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const contentOf = async (store: ByteStore, path: string): Promise<number[]> => [
  ...new Uint8Array(await (await store.open(path)).arrayBuffer()),
];

describe.each([
  ["a folder on disk", () => diskStore(join(folder, String(count++)))],
  ["a browser's file system", () => browser()],
])("%s", (_, make) => {
  test("holds nothing at first", async () => {
    const store = make();
    expect(await store.list("")).toEqual([]);
    expect(await store.list("a/b")).toEqual([]);
    expect(await store.size("a/b")).toBeUndefined();
    await expect(store.open("a/b")).rejects.toThrow("a/b is not stored.");
    await store.remove("a/b");
  });

  test("keeps what is appended, also before the writer is closed", async () => {
    const store = make();
    const writer = await store.append("a/b/c.bin", 0);
    await writer.write(bytes(1, 2));
    await writer.write(bytes(3));
    expect(await store.size("a/b/c.bin")).toBe(3);
    await writer.close();
    expect(await contentOf(store, "a/b/c.bin")).toEqual([1, 2, 3]);
  });

  test("goes on where a file ends, or earlier", async () => {
    const store = make();
    for (const [at, ...more] of [
      [0, 1, 2, 3],
      [3, 4],
      [2, 9],
      [0, 7],
    ] as const) {
      const writer = await store.append("f", at);
      await writer.write(bytes(...more));
      await writer.close();
    }
    expect(await contentOf(store, "f")).toEqual([7]);
  });

  test("has one writer a file", async () => {
    const store = make();
    const writer = await store.append("f", 0);
    await expect(store.append("f", 0)).rejects.toThrow(FileBusyError);
    await writer.close();
    await (await store.append("f", 0)).close();
  });

  test("replaces a small file as a whole", async () => {
    const store = make();
    await store.write("a/f", bytes(1, 2, 3));
    await store.write("a/f", bytes(4));
    expect(await contentOf(store, "a/f")).toEqual([4]);
    expect(await store.list("")).toEqual([{ path: "a/f", bytes: 1 }]);
  });

  test("lists a folder with all below it, and deletes files and folders", async () => {
    const store = make();
    for (const path of ["m/unet/model.onnx", "m/a.json", "n/a.json"]) await store.write(path, bytes(1));
    expect((await store.list("m")).map(({ path }) => path)).toEqual(["a.json", "unet/model.onnx"]);
    await store.remove("m/a.json");
    expect((await store.list("")).map(({ path }) => path)).toEqual(["m/unet/model.onnx", "n/a.json"]);
    await store.remove("m");
    expect((await store.list("")).map(({ path }) => path)).toEqual(["n/a.json"]);
  });

  test("tells how much room there is", async () => {
    const { free } = await make().room();
    expect(free).toBeGreaterThan(0);
    expect(await make().persist()).toBe(true);
  });

  test("a file is no folder", async () => {
    const store = make();
    await store.write("f", bytes(1));
    expect(await store.size("f/g")).toBeUndefined();
  });
});

describe("a full disk", () => {
  test("is told as such, and what was written before stays", async () => {
    const store = browser(10);
    const writer = await store.append("f", 0);
    await writer.write(new Uint8Array(8));
    await expect(writer.write(new Uint8Array(8))).rejects.toThrow(StoreFullError);
    await writer.close();
    expect(await store.size("f")).toBe(8);
    expect(await store.room()).toEqual({ free: 2, isPersistent: false });
    await expect(store.write("g", new Uint8Array(8))).rejects.toThrow(StoreFullError);
    expect(await store.size("f")).toBe(8);
  });

  test("has no room for an empty file or a folder either", async () => {
    const disk = { capacity: 10 };
    const { root, quota } = memoryFileSystem(disk);
    const store = opfsStore(() => Promise.resolve(root), quota);
    await store.write("f", new Uint8Array(8));
    disk.capacity = 5;
    await expect(store.write("g", new Uint8Array(0))).rejects.toThrow(StoreFullError);
    await expect(store.write("folder/g", new Uint8Array(0))).rejects.toThrow(StoreFullError);
    await expect(store.append("h", 0)).rejects.toThrow(StoreFullError);
  });

  // Linux has a device that is always full.
  test.skipIf(!existsSync("/dev/full"))("on disk too", async () => {
    const writer = await diskStore("/dev").append("full", 0);
    await expect(writer.write(bytes(1))).rejects.toThrow(StoreFullError);
  });
});
