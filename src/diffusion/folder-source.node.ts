import { openAsBlob } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
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
    open: (file) => openAsBlob(join(path, file)),
  };
}
