/** The comparison of methods, for people and for programs. */
import { counted } from "../../formats/words.ts";
import type { MachineFacts } from "../machine.ts";
import type { Column } from "../table.ts";
import type { Candidate } from "./candidates.ts";
import type { Basis, RegionKind } from "./cells.ts";
import type { EditSet } from "./edits.ts";
import { goalsOf, preferred } from "./goals.ts";
import { markdownTable } from "./markdown.ts";
import { ALL, GOALS, LINES, OBJECT, PICTURE, RANKING } from "./report-columns.ts";
import type { Row } from "./report-columns.ts";
import { mean } from "./similarity.ts";
import { scoreOf, summarize } from "./summary.ts";
import type { Line } from "./summary.ts";

export interface EditFacts {
  readonly set: EditSet;
  readonly basis: Basis;
  readonly machine: MachineFacts;
  readonly model: { readonly name: string; readonly provider: string };
  readonly candidates: readonly Candidate[];
  readonly lines: readonly Line[];
  /** The same edits made by the renderer; empty where it could not be built. */
  readonly truth: readonly Line[];
  /** Cells that were asked for and are not finished. */
  readonly missing: number;
}

/** Which candidate the goals are about: the first one of SSD, a model's default. */
export const judgedCandidate = ({ lines }: Pick<EditFacts, "lines">): Candidate | undefined =>
  lines.find(({ candidate }) => candidate.method === "ssd")?.candidate;

/** Each candidate's rows, the best first. */
export function ranking({ candidates, lines }: Pick<EditFacts, "candidates" | "lines">): readonly Row[] {
  return rowsOf(candidates, preferred(lines))
    .map((row) => ({ ...row, score: mean(row.lines.map(scoreOf)) }))
    .sort((a, b) => b.score - a.score);
}

interface LineRow extends Row {
  readonly lines: readonly Line[];
}

const rowsOf = (candidates: readonly Candidate[], lines: readonly Line[], region?: RegionKind): LineRow[] =>
  candidates.flatMap((candidate) => {
    const those = lines.filter((line) => line.candidate === candidate);
    if (those.length === 0) return [];
    return [{ name: candidate.id, ...(region && { region }), summary: summarize(those), lines: those }];
  });

export function reportMarkdown(facts: EditFacts): string {
  const { set, candidates, lines, truth } = facts;
  const best = judgedCandidate(facts);
  const truthRow = (those: readonly Line[]): Row[] =>
    those.length ? [{ name: "true pictures", summary: summarize(those) }] : [];
  const objects = lines.filter(({ edit }) => edit.keeps === "outside");
  const pictures = lines.filter(({ edit }) => edit.keeps !== "outside");
  const inRegion = (region: RegionKind): Row[] =>
    rowsOf(
      candidates,
      objects.filter((line) => line.region === region),
      region,
    );
  return [
    "# Edits by method",
    header(facts),
    section(
      "Ranking",
      "Score: the mean over edits of right × kept × PSNR outside as a share of what it should be, at most 1.",
      set === "tuning" ? RANKING : [],
      ranking(facts),
    ),
    section(
      "All edits",
      "Each edit once: of the object in its region where it was run so, of the ground, light and style without one.",
      ALL,
      [...truthRow(truth), ...rowsOf(candidates, preferred(lines))],
    ),
    best &&
      section(`Goals, ${best.id}`, "", GOALS, goalsOf(lines.filter(({ candidate }) => candidate === best))),
    section("Edits of the object", "", OBJECT, [...inRegion("object"), ...inRegion("none")]),
    section(
      "Edits of the ground, the light and the style",
      "What lies outside of the object is what should change here, so PSNR outside says nothing: an edit of the " +
        "ground is measured on the object, one of light or style on nothing.",
      PICTURE,
      rowsOf(candidates, pictures),
    ),
    section(
      "Edit by edit",
      "An asterisk: the model was never shown the target's kind, material and ground together. " +
        "Truth: what the judge says of true pictures of the target.",
      LINES,
      lines,
    ),
  ]
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}

function section<T>(title: string, text: string, columns: readonly Column<T>[], rows: readonly T[]): string {
  if (rows.length === 0 || columns.length === 0) return "";
  return [`## ${title}`, text, markdownTable(columns, rows)].filter(Boolean).join("\n\n");
}

function header({ set, basis, machine, model, missing, lines }: EditFacts): string {
  const { name, isSoftware } = machine.adapter;
  const software = isSoftware ? " (software: seconds here say nothing about a GPU)" : "";
  return [
    `The ${set} set: ${counted(lines.length, "cell")}, each judged in ${basis.views} random views of ` +
      `${basis.size} × ${basis.size} pixels that no run trained from.` +
      (missing ? ` **${counted(missing, "cell")} still to come.**` : ""),
    "Right: share of the views in which the judge reads what was wanted; in brackets, edits of which most views are. " +
      "Kept: share of what should stay that still reads right, of what read right before. " +
      "Similarity: cosine of a picture with the words for the target. Direction: cosine of the pictures' change with " +
      "the words'.",
    `Model ${model.name} (${basis.model}) on ${model.provider}, judge ${basis.judge}, adapter ${name}${software}.`,
  ].join("\n\n");
}

/** All facts and every cell with every view's reading. */
export function reportJson(facts: EditFacts): string {
  const { candidates, lines, truth, ...rest } = facts;
  const plain = ({ edit, candidate, ...line }: Line) => ({ edit: edit.id, candidate: candidate.id, ...line });
  const best = judgedCandidate(facts);
  const report = {
    ...rest,
    candidates,
    edits: [...new Set(lines.map(({ edit }) => edit))],
    ranking: ranking(facts).map(({ name, score, summary }) => ({ name, score, summary })),
    ...(best && {
      goals: { candidate: best.id, goals: goalsOf(lines.filter(({ candidate }) => candidate === best)) },
    }),
    cells: lines.map((line) => ({ ...plain(line), score: scoreOf(line) })),
    truth: truth.map(plain),
  };
  return `${JSON.stringify(report, null, 1)}\n`;
}
