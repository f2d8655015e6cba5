import { join } from "node:path";
import { writePng } from "../../cli/contact-sheet.ts";
import { writeText } from "../../cli/files.ts";
import { reportJson, reportMarkdown } from "./edit-report.ts";
import type { EditFacts } from "./edit-report.ts";
import type { Edit } from "./edits.ts";
import { pictureGrid } from "./grid.ts";
import type { Judge } from "./judge.ts";
import type { Ledger } from "./ledger.ts";
import { measureTruth } from "./measure.ts";
import { lineOf } from "./summary.ts";
import type { Line } from "./summary.ts";

export interface ReportSources {
  readonly ledger: Ledger;
  readonly judge: Judge;
  /** Whether true pictures can be made. */
  readonly canRender: boolean;
}

/** Writes `report.md`, `report.json` and `grid.png` of all finished cells; returns the text. */
export async function writeReport(
  folder: string,
  facts: Omit<EditFacts, "lines" | "truth">,
  { ledger, judge, canRender }: ReportSources,
): Promise<string> {
  const finished = ledger.cells.flatMap((cell) => ledger.finished(cell) ?? []);
  const shown = [...new Set(finished.map(({ edit }) => edit))];
  const truth = canRender ? await truthOf(shown, judge, facts) : [];
  const rightInTruth = (edit: Edit): number | undefined => truth.find((line) => line.edit === edit)?.right;
  const lines = finished.map((cell) => lineOf(cell, judge.twins, rightInTruth(cell.edit)));

  const pictured = await Promise.all(
    ledger.cells
      .filter((cell) => ledger.finished(cell))
      .map(async (cell) => ({ ...cell, pictures: await ledger.pictures(cell) })),
  );
  let text = reportMarkdown({ ...facts, lines, truth });
  if (pictured.length > 0) {
    const { picture, rows, columns } = pictureGrid(pictured, facts.candidates);
    await writePng(join(folder, "grid.png"), picture);
    text += `\n## Pictures\n\n![Before and after](grid.png)\n\nFrom left to right: ${columns.join(", ")}. `;
    text += `From top to bottom: ${rows.map(({ id }) => id).join(", ")}.\n`;
  }
  await writeText(join(folder, "report.md"), text);
  await writeText(join(folder, "report.json"), reportJson({ ...facts, lines, truth }));
  return text;
}

async function truthOf(
  edits: readonly Edit[],
  judge: Judge,
  { basis, candidates }: Pick<EditFacts, "basis" | "candidates">,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const edit of edits) {
    const result = await measureTruth(judge, edit, basis.views);
    lines.push(lineOf({ edit, region: "none", candidate: candidates[0]!, result }, judge.twins));
  }
  return lines;
}
