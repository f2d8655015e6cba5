/** Folders that lie on the user's disk, however they got to us. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { diskFolder } from "../diffusion/folder-source.node.ts";
import type { FolderSource } from "../diffusion/folder-source.ts";
import { openModelFolder } from "../diffusion/model-folder.ts";
import { arrangedFolder } from "./arranged-folder.ts";
import { opfsStore } from "./opfs-store.ts";
import { entryFiles, filesFolder, handleFiles, inputFiles } from "./picked-folder.ts";
import { memoryFileSystem } from "./testing/memory-handles.ts";
import { graphOf, modelFiles } from "./testing/model-files.ts";

/** transformers.js' layout, with weights whose name only the graph tells. */
const files: Record<string, Uint8Array | string> = (() => {
  const { "unet/weights.pb": weights, ...all } = modelFiles();
  return Object.fromEntries([
    ...Object.entries(all).map(([path, content]) => [
      path.replace(/^(\w+)\/model\.onnx$/, "onnx/$1.onnx"),
      content,
    ]),
    ["onnx/unet.onnx", graphOf("unet", { location: "unet.odd", count: 100_000 })],
    ["onnx/unet.odd", weights],
  ]) as Record<string, Uint8Array | string>;
})();
const asFiles = Object.entries(files).map(([path, content]) => ({
  path,
  file: new File([content as Uint8Array<ArrayBuffer>], path),
}));

const disk = mkdtempSync(join(tmpdir(), "splatsmith-folder-"));
afterAll(() => rmSync(disk, { recursive: true, force: true }));

const onDisk = (): FolderSource => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(disk, path)), { recursive: true });
    writeFileSync(join(disk, path), content);
  }
  return diskFolder(disk);
};

const picked = async (): Promise<FolderSource> => {
  const { root, quota } = memoryFileSystem();
  const store = opfsStore(() => Promise.resolve(root), quota);
  for (const { path, file } of asFiles) await store.write(path, new Uint8Array(await file.arrayBuffer()));
  return filesFolder("picked", await handleFiles(root));
};

const chosen = (): FolderSource => {
  const list = asFiles.map(({ path, file }) =>
    Object.defineProperty(file, "webkitRelativePath", { value: `my model/${path}`, configurable: true }),
  );
  const { name, files: found } = inputFiles(list);
  expect(name).toBe("my model");
  return filesFolder(name, found);
};

/** As Chrome drops one: entries in batches. */
const dropped = async (): Promise<FolderSource> => {
  const folder = (prefix: string): object => ({
    createReader() {
      const names = new Set(
        asFiles.flatMap(({ path }) =>
          path.startsWith(prefix) ? [path.slice(prefix.length).split("/")[0]!] : [],
        ),
      );
      const rest = [...names];
      return {
        readEntries: (resolve: (entries: object[]) => void) =>
          resolve(
            rest.splice(0, 3).map((name) => {
              const file = asFiles.find(({ path }) => path === prefix + name)?.file;
              if (!file) return { name, isDirectory: true, ...folder(`${prefix}${name}/`) };
              return { name, isDirectory: false, file: (take: (file: File) => void) => take(file) };
            }),
          ),
      };
    },
  });
  return filesFolder("dropped", await entryFiles(folder("") as FileSystemDirectoryEntry));
};

describe.each([
  ["on disk", onDisk],
  ["picked", picked],
  ["chosen in an input", chosen],
  ["dropped", dropped],
])("a folder %s", (_, make) => {
  test("opens as a model, its weights never read", async () => {
    const folder = await openModelFolder(await arrangedFolder(await make()));
    const { externalData } = await folder.graph("unet");
    expect(externalData).toMatchObject([{ path: "unet.odd", data: { size: 400_000 } }]);
    expect(externalData[0]!.data).toBeInstanceOf(Blob);
    expect((await folder.graph("vae_decoder")).bytes.length).toBeGreaterThan(100);
    expect(folder.card.licence).toBe("mit");
  });
});

test("what a folder lacks is named", async () => {
  const some = asFiles.filter(({ path }) => !/vae_encoder|merges/.test(path));
  await expect(arrangedFolder(filesFolder("mine", some))).rejects.toThrow(
    /The folder “mine” has no vae_encoder\/model.onnx, no tokenizer/,
  );
});
