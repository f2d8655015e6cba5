/** Folders that a user hands to the page: picked, dropped, or chosen in a file input. */
import { UserError } from "../core/errors.ts";
import type { FolderSource } from "../diffusion/folder-source.ts";

/** A file, and its path in the folder that it came with. Survives structured cloning, so a worker can have it. */
export interface PickedFile {
  readonly path: string;
  readonly file: File;
}

/** Files that stay where they are and are read when needed. */
export function filesFolder(name: string, files: readonly PickedFile[]): FolderSource {
  const byPath = new Map(files.map(({ path, file }) => [path, file]));
  const fileAt = (path: string): File => {
    const file = byPath.get(path);
    if (file) return file;
    throw new UserError(`The folder “${name}” has no ${path}.`, "Check the folder of the model.");
  };
  return {
    name,
    has: (path) => Promise.resolve(byPath.has(path)),
    read: async (path) => {
      try {
        return new Uint8Array(await fileAt(path).arrayBuffer());
      } catch (cause) {
        if (cause instanceof UserError) throw cause;
        throw new UserError(
          `${path} cannot be read: it was moved, changed or deleted since it was picked.`,
          "Pick the folder again.",
          { cause },
        );
      }
    },
    open: (path) => Promise.resolve().then(() => fileAt(path)),
    list: () => Promise.resolve([...byPath.keys()]),
  };
}

/** What `<input type="file" webkitdirectory>` gives: each path begins with the folder's own name. */
export function inputFiles(files: readonly File[]): {
  readonly name: string;
  readonly files: readonly PickedFile[];
} {
  const name = files[0]?.webkitRelativePath.split("/")[0] ?? "";
  return {
    name,
    files: files.map((file) => ({ path: file.webkitRelativePath.slice(name.length + 1), file })),
  };
}

/** What `showDirectoryPicker()` gives, or a handle kept from an earlier visit, all files below it. */
export async function handleFiles(handle: FileSystemDirectoryHandle): Promise<readonly PickedFile[]> {
  const files: PickedFile[] = [];
  const visit = async (folder: FileSystemDirectoryHandle, prefix: string): Promise<void> => {
    for await (const [name, entry] of folder as unknown as AsyncIterable<[string, FileSystemHandle]>) {
      if (entry.kind === "directory") await visit(entry as FileSystemDirectoryHandle, `${prefix}${name}/`);
      else files.push({ path: prefix + name, file: await (entry as FileSystemFileHandle).getFile() });
    }
  };
  await visit(handle, "");
  return files;
}

/** What a dropped folder is (`DataTransferItem.webkitGetAsEntry`), all files below it. */
export async function entryFiles(entry: FileSystemDirectoryEntry): Promise<readonly PickedFile[]> {
  const files: PickedFile[] = [];
  const visit = async (folder: FileSystemDirectoryEntry, prefix: string): Promise<void> => {
    const reader = folder.createReader();
    // Chrome hands out a hundred entries at a time; an empty batch is the end.
    for (let batch = await readBatch(reader); batch.length > 0; batch = await readBatch(reader)) {
      for (const child of batch) {
        const path = prefix + child.name;
        if (child.isDirectory) await visit(child as FileSystemDirectoryEntry, `${path}/`);
        else files.push({ path, file: await fileOf(child as FileSystemFileEntry) });
      }
    }
  };
  await visit(entry, "");
  return files;
}

const readBatch = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
  new Promise((resolve, reject) => reader.readEntries(resolve, reject));

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));
