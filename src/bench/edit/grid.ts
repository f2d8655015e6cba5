/** Before and after, edit by edit and method by method, in one picture. */
import { contactSheet } from "../../cli/contact-sheet.ts";
import type { RgbaPicture } from "../../edit/pictures.ts";
import type { CellPictures } from "./cell-store.ts";
import type { Candidate } from "./candidates.ts";
import type { Cell } from "./cells.ts";
import type { Edit } from "./edits.ts";
import { isIn } from "./cells.ts";

export interface Grid {
  readonly picture: RgbaPicture;
  /** What its rows and columns show. */
  readonly rows: readonly Edit[];
  readonly columns: readonly string[];
}

export interface PicturedCell extends Cell {
  readonly pictures: CellPictures;
}

/** A row for each edit that has pictures: before, then after by each candidate, white where it has none. */
export function pictureGrid(cells: readonly PicturedCell[], candidates: readonly Candidate[]): Grid {
  const rows = [...new Set(cells.map(({ edit }) => edit))];
  const shown = candidates.filter((candidate) => cells.some((cell) => cell.candidate === candidate));
  const pictures = rows.map((edit) => {
    const those = cells.filter((cell) => cell.edit === edit);
    const before = those[0]!.pictures.before;
    const after = shown.map((candidate) => {
      const run = those.filter((cell) => cell.candidate === candidate);
      return (run.find((cell) => isIn(cell, "object")) ?? run[0])?.pictures.after ?? blank(before);
    });
    return [before, ...after];
  });
  return { picture: contactSheet(pictures), rows, columns: ["before", ...shown.map(({ id }) => id)] };
}

const blank = ({ width, height }: RgbaPicture): RgbaPicture => ({
  width,
  height,
  data: new Uint8ClampedArray(4 * width * height).fill(255),
});
