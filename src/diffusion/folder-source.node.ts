import { openAsBlob } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { UserError } from "../core/errors.ts";
import type { FolderSource } from "./folder-source.ts";

/** A folder on disk. */
export function diskFolder(path: string): FolderSource {
  return {
    name: basename(resolve(path)),
    has: (file) =>
      stat(join(path, file)).then(
        (entry) => entry.isFile(),
        () => false,
      ),
    async read(file) {
      try {
        return new Uint8Array(await readFile(join(path, file)));
      } catch (cause) {
        throw new UserError(`${join(path, file)} cannot be read.`, "Check the folder of the model.", {
          cause,
        });
      }
    },
    open: (file) => openBlob(join(path, file)),
    async list() {
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => !entry.isDirectory()) // links to files count: a hub's cache is made of them
        .map((entry) => relative(path, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
    },
  };
}

/** A file without a copy of it in memory. Throws a UserError for one that Node would cut: 20 counts to 4 GiB. */
export async function openBlob(path: string): Promise<Blob> {
  const [blob, { size }] = await Promise.all([openAsBlob(path), stat(path)]);
  if (blob.size === size) return blob;
  throw new UserError(
    `${path} is larger than this version of Node can open (4 GiB).`,
    "Use a newer Node, or the float16 edition of the model.",
  );
}
