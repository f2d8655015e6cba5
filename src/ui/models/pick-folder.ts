/** The ways a browser hands over a folder. */
import { UserError } from "../../core/errors.ts";
import type { PickedFolder } from "../../models/model-source.ts";
import { folderBehind } from "../../editor/kept-folder.ts";
import { entryFiles, inputFiles } from "../../models/picked-folder.ts";

type Picker = (options: { readonly id: string }) => Promise<FileSystemDirectoryHandle>;

/** Asks for a folder; undefined where the browser has no such window. Rejects with an AbortError when it is closed. */
export function pickFolder(): Promise<PickedFolder> | undefined {
  const { showDirectoryPicker } = window as { showDirectoryPicker?: Picker };
  return showDirectoryPicker?.call(window, { id: "model" }).then(folderBehind);
}

export const inputFolder = (files: readonly File[]): PickedFolder => inputFiles(files);

const folderIn = ({ items }: DataTransfer): FileSystemEntry | undefined =>
  [...items].map((item) => item.webkitGetAsEntry()).find((entry) => entry?.isDirectory) ?? undefined;

export const holdsFolder = (transfer: DataTransfer): boolean => folderIn(transfer) !== undefined;

/** The folder that was dropped, asked for at once: the browser forgets what was dropped when the event is over. */
export async function droppedFolder(transfer: DataTransfer): Promise<PickedFolder> {
  const entry = folderIn(transfer);
  const handles = [...transfer.items].map((item) => item.getAsFileSystemHandle?.().catch(() => null));
  if (!entry) throw new UserError("That is no folder.", "Drop the folder that holds the model's parts.");
  const handle = (await Promise.all(handles)).find((each) => each?.kind === "directory");
  if (handle) return folderBehind(handle as FileSystemDirectoryHandle);
  return { name: entry.name, files: await entryFiles(entry as FileSystemDirectoryEntry) };
}
