import { isAbort } from "../core/errors.ts";
import { formats } from "../formats/index.ts";

const EXTENSIONS = formats.all.flatMap(({ extensions }) =>
  extensions.map((extension) => `.${extension}` as const),
);
export const ACCEPT = EXTENSIONS.join(",");
const TYPES = [{ description: "Splat scenes", accept: { "application/octet-stream": EXTENSIONS } }];

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
