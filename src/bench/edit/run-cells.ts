/** Measures the cells that are still to be measured, and says how it goes. */
import type { Interrupts } from "../../cli/program.ts";
import { timeInWords } from "../../cli/progress.ts";
import type { EditJob } from "../../edit/job.ts";
import type { Cell } from "./cells.ts";
import { settingsOfCell } from "./cells.ts";
import { editScenes, openEditScene } from "./edit-scenes.ts";
import { openGallery } from "./gallery.ts";
import type { Gallery } from "./gallery.ts";
import type { Ledger } from "./ledger.ts";
import { measureCell } from "./measure.ts";
import type { EditStudio } from "./measure.ts";
import { JUDGED_SIZE } from "./judge.ts";
import { lineOf } from "./summary.ts";

export interface CellRun {
  readonly studio: EditStudio;
  readonly ledger: Ledger;
  readonly cells: readonly Cell[];
  readonly views: number;
  readonly interrupts: Interrupts;
}

/** Returns how many cells are left when it is interrupted. A cell under way is given up. */
export async function runCells({ studio, ledger, cells, views, interrupts }: CellRun): Promise<number> {
  let job: EditJob | undefined;
  interrupts.onRequest(() => {
    console.error(
      "\nStopping; finished cells are kept, the one under way is not. Ctrl-C again ends at once.",
    );
    job?.cancel();
  });
  const left = cells.filter((cell) => !ledger.finished(cell));
  if (left.length < cells.length)
    console.error(`${cells.length - left.length} of ${cells.length} cells are there.`);

  const begun = performance.now();
  let gallery: Gallery | undefined;
  for (const [done, cell] of left.entries()) {
    if (interrupts.requested) return left.length - done;
    gallery = await galleryFor(cell, gallery, studio, views);
    const measured = await measureCell(studio, gallery, cell, (started) => {
      job = started;
      if (interrupts.requested) job.cancel();
    });
    if (!measured) return left.length - done;
    await ledger.add(cell, measured);

    const { edit, region, candidate } = cell;
    const line = lineOf({ ...cell, result: measured.result }, studio.judge.twins);
    const perCell = (performance.now() - begun) / 1000 / (done + 1);
    console.error(
      `${done + 1}/${left.length}  ${edit.id}, ${candidate.id}, region ${region}: ` +
        `${Math.round(100 * line.right)} % right  ${line.wrong}  ` +
        `(${timeInWords(perCell * (left.length - done - 1))} left)`,
    );
  }
  return 0;
}

/** Cells come scene by scene, so one is kept open. */
async function galleryFor(
  cell: Cell,
  open: Gallery | undefined,
  studio: EditStudio,
  views: number,
): Promise<Gallery> {
  if (open?.opened.scene.id === cell.edit.scene) return open;
  const opened = await openEditScene(studio.gpu, editScenes.get(cell.edit.scene));
  return openGallery(studio, opened, settingsOfCell(cell, opened.object, JUDGED_SIZE), views);
}
