/** Files and folders of the user's that the browser lets the page find again. */
import { createStore, type UseStore } from "idb-keyval";
import { UserError } from "../core/errors.ts";

let kept: UseStore | undefined;
/** Where handles are kept between visits; they cannot be kept as text, so `localStorage` will not do. */
export const handleDatabase = (): UseStore => (kept ??= createStore("splatsmith", "files"));

type Mode = "read" | "readwrite";

export const isAllowed = async (handle: FileSystemHandle, mode: Mode): Promise<boolean> =>
  (await handle.queryPermission({ mode })) === "granted";

/** Asks the user where that has to be, which a browser only does after a click. Throws a UserError on a no. */
export async function allow(handle: FileSystemHandle, mode: Mode): Promise<void> {
  if (await isAllowed(handle, mode)) return;
  if ((await handle.requestPermission({ mode })) === "granted") return;
  throw new UserError(
    `“${handle.name}” may not be ${mode === "read" ? "read" : "written"}.`,
    "Allow it when asked.",
  );
}
