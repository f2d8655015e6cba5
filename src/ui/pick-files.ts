import { isAbort } from "../core/errors.ts";
import { acceptedFiles } from "../formats/index.ts";

export const ACCEPT = Object.values(acceptedFiles).flat().join(",");
const TYPES = [{ description: "Splat scenes", accept: acceptedFiles }];

/** Pickers whose files can be found again and written, where the browser has them. */
export const canPick = "showOpenFilePicker" in globalThis;

export const pickToOpen = (): Promise<FileSystemFileHandle | undefined> =>
  unlessAborted(async () => (await showOpenFilePicker({ types: TYPES }))[0]);

export const pickTarget = (name: string): Promise<FileSystemFileHandle | undefined> =>
  unlessAborted(() =>
    showSaveFilePicker({ suggestedName: `${name.replace(/\.[^.]*$/, "")}.ply`, types: TYPES }),
  );

async function unlessAborted<T>(pick: () => Promise<T>): Promise<T | undefined> {
  try {
    return await pick();
  } catch (error) {
    if (isAbort(error)) return undefined;
    throw error;
  }
}
