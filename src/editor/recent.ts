import { get, set } from "idb-keyval";
import { UserError } from "../core/errors.ts";
import { allow, handleDatabase } from "./handles.ts";

/** A scene that was open, and how to get at it again. */
export type RecentScene =
  | { readonly kind: "address"; readonly name: string; readonly address: string }
  | { readonly kind: "file"; readonly name: string; readonly handle: FileSystemFileHandle };

const KEY = "recent";
const MAX = 8;

/** The scenes last opened, newest first. */
export async function loadRecent(): Promise<readonly RecentScene[]> {
  return (await get<readonly RecentScene[]>(KEY, handleDatabase())) ?? [];
}

export async function saveRecent(recent: readonly RecentScene[]): Promise<void> {
  await set(KEY, recent, handleDatabase());
}

/** The list with a scene at its top, once. */
export async function withRecent(
  recent: readonly RecentScene[],
  scene: RecentScene,
): Promise<readonly RecentScene[]> {
  const others: RecentScene[] = [];
  for (const other of recent) if (!(await isSame(other, scene))) others.push(other);
  return [scene, ...others].slice(0, MAX);
}

async function isSame(a: RecentScene, b: RecentScene): Promise<boolean> {
  if (a.kind === "address") return b.kind === "address" && a.address === b.address;
  return b.kind === "file" && a.handle.isSameEntry(b.handle);
}

/** The file behind a handle; the user may have to allow it again. Throws a UserError. */
export async function fileOf(handle: FileSystemFileHandle): Promise<File> {
  await allow(handle, "read");
  try {
    return await handle.getFile();
  } catch (cause) {
    throw new UserError(`“${handle.name}” is no longer where it was.`, "Open it with “Open…”.", { cause });
  }
}

/** Puts bytes into a user's file. The browser writes beside it first: on an error the file is as it was. */
export async function writeFile(handle: FileSystemFileHandle, bytes: ArrayBuffer): Promise<void> {
  await allow(handle, "readwrite");
  try {
    const stream = await handle.createWritable();
    await stream.write(bytes);
    await stream.close();
  } catch (cause) {
    throw new UserError(
      `“${handle.name}” could not be written; it is as it was.`,
      "Make room on the disk, or choose another place with “Save as…”.",
      { cause },
    );
  }
}
