/** All cells there could be, and which of them a folder has the results of. */
import { cellKey } from "./cells.ts";
import type { Basis, Cell, FinishedCell } from "./cells.ts";
import { cellStore } from "./cell-store.ts";
import type { CellPictures } from "./cell-store.ts";
import { editScenes, sceneFingerprint } from "./edit-scenes.ts";
import type { Measured } from "./measure.ts";

export interface Ledger {
  /** Those whose scene is there. */
  readonly cells: readonly Cell[];
  /** Undefined for a cell that is still to be measured. */
  finished(cell: Cell): FinishedCell | undefined;
  add(cell: Cell, measured: Measured): Promise<void>;
  pictures(cell: Cell): Promise<CellPictures>;
}

export async function createLedger(folder: string, all: readonly Cell[], basis: Basis): Promise<Ledger> {
  const store = cellStore(folder);
  const keys = new Map<Cell, string>();
  const finished = new Map<Cell, FinishedCell>();
  const scenes = new Map<string, string | undefined>();
  for (const id of new Set(all.map(({ edit }) => edit.scene))) {
    scenes.set(id, await sceneFingerprint(editScenes.get(id)));
  }
  for (const cell of all) {
    const scene = scenes.get(cell.edit.scene);
    if (scene === undefined) continue;
    const key = cellKey(cell, basis, scene);
    keys.set(cell, key);
    const result = await store.load(key);
    if (result) finished.set(cell, { ...cell, result });
  }
  const keyOf = (cell: Cell): string => keys.get(cell)!;
  return {
    cells: [...keys.keys()],
    finished: (cell) => finished.get(cell),
    pictures: (cell) => store.pictures(keyOf(cell)),
    async add(cell, { result, pictures }) {
      const { edit, region, candidate } = cell;
      await store.save(keyOf(cell), { basis, edit, region, candidate }, result, pictures);
      finished.set(cell, { ...cell, result });
    },
  };
}
