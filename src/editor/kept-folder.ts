/** The folder that a model was loaded from, which lies on the user's disk and is found again on the next visit. */
import { get, set } from "idb-keyval";
import { UserError } from "../core/errors.ts";
import type { PickedFolder } from "../models/model-source.ts";
import { handleFiles } from "../models/picked-folder.ts";
import { handleDatabase } from "./handles.ts";

const KEY = "model-folder";

/** Where the folder's handle is kept. */
export interface FolderMemory {
  load(): Promise<FileSystemDirectoryHandle | undefined>;
  save(handle: FileSystemDirectoryHandle): Promise<void>;
}

export const browserFolders: FolderMemory = {
  load: () => get<FileSystemDirectoryHandle>(KEY, handleDatabase()),
  save: (handle) => set(KEY, handle, handleDatabase()),
};

/** What lies in a folder that may be read. Throws a UserError where it is not there any more. */
export async function folderBehind(handle: FileSystemDirectoryHandle): Promise<PickedFolder> {
  try {
    return { name: handle.name, files: await handleFiles(handle), handle };
  } catch (cause) {
    throw new UserError(
      `The folder “${handle.name}” cannot be read where it was.`,
      "Pick it again: Models…, From a folder.",
      { cause },
    );
  }
}
