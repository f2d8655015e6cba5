import type { FolderSource } from "../diffusion/folder-source.ts";
import type { ByteStore } from "./byte-store.ts";

/** A folder of a store, for the pipeline. Large files are opened, never read into memory. */
export function storedFolder(store: ByteStore, folder: string, name: string): FolderSource {
  const at = (path: string): string => `${folder}/${path}`;
  return {
    name,
    has: async (path) => (await store.size(at(path))) !== undefined,
    read: async (path) => new Uint8Array(await (await store.open(at(path))).arrayBuffer()),
    open: (path) => store.open(at(path)),
    list: async () => (await store.list(folder)).map(({ path }) => path),
  };
}
