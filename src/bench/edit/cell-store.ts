/** Finished cells in a folder, one file each, so that a run that was stopped goes on where it was. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readPng, writePng } from "../../cli/contact-sheet.ts";
import { writeText } from "../../cli/files.ts";
import type { RgbaPicture } from "../../edit/pictures.ts";
import type { CellResult } from "./cells.ts";

/** The same view of the scene before and after. */
export interface CellPictures {
  readonly before: RgbaPicture;
  readonly after: RgbaPicture;
}

export interface CellStore {
  /** Undefined for a cell that is still to be measured. */
  load(key: string): Promise<CellResult | undefined>;
  pictures(key: string): Promise<CellPictures>;
  /** `facts` are for people who open the file. */
  save(key: string, facts: object, result: CellResult, pictures: CellPictures): Promise<void>;
}

export function cellStore(folder: string): CellStore {
  const file = (key: string): string => join(folder, `${key}.json`);
  const picture = (key: string, when: keyof CellPictures): string => join(folder, `${key}.${when}.png`);
  return {
    async load(key) {
      try {
        return (JSON.parse(await readFile(file(key), "utf8")) as { readonly result: CellResult }).result;
      } catch {
        return undefined;
      }
    },
    pictures: async (key) => ({
      before: await readPng(picture(key, "before")),
      after: await readPng(picture(key, "after")),
    }),
    async save(key, facts, result, { before, after }) {
      await writePng(picture(key, "before"), before);
      await writePng(picture(key, "after"), after);
      // Last, so that it stands for a whole cell.
      await writeText(file(key), `${JSON.stringify({ ...facts, result }, null, 1)}\n`);
    },
  };
}
