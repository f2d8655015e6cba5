/** What the default method is to reach, and what it does. */
import { isIn } from "./cells.ts";
import type { EditGroup } from "./edits.ts";
import { LEAST_PSNR, summarize } from "./summary.ts";
import type { Line, Summary } from "./summary.ts";

export interface Goal {
  readonly what: string;
  readonly unit: "share" | "dB";
  readonly least: number;
  /** Absent where no cell measures it. */
  readonly reached?: number;
  /** Edits behind it, and how many of them most views call right. */
  readonly edits: number;
  readonly worked?: number;
}

const SINGLE: readonly EditGroup[] = ["colour", "material", "ground"];

interface Rule {
  readonly what: string;
  readonly unit: Goal["unit"];
  readonly least: number;
  counts(line: Line): boolean;
  reached(summary: Summary): number | undefined;
}

const right = ({ right: share }: Summary): number => share.views;
const psnr = ({ outside }: Summary): number | undefined => outside?.psnr;

const RULES: readonly Rule[] = [
  {
    ...{ what: "colour, material and ground judged right", unit: "share", least: 0.9, reached: right },
    counts: ({ edit }) => SINGLE.includes(edit.group),
  },
  {
    ...{ what: "object kind judged right", unit: "share", least: 0.6, reached: right },
    counts: ({ edit }) => edit.group === "kind",
  },
  {
    ...{ what: "PSNR outside the object, in a region", unit: "dB", least: LEAST_PSNR.object, reached: psnr },
    counts: ({ edit, region }) => edit.keeps === "outside" && region === "object",
  },
  {
    ...{
      what: "PSNR outside the object, without a region",
      unit: "dB",
      least: LEAST_PSNR.none,
      reached: psnr,
    },
    counts: ({ edit, region }) => edit.keeps === "outside" && region === "none",
  },
];

/** @param lines of one candidate; what was run both ways counts as run in its region, where words decide */
export function goalsOf(lines: readonly Line[]): readonly Goal[] {
  return RULES.map(({ what, unit, least, counts, reached }) => {
    const those = (unit === "share" ? preferred(lines) : lines).filter(counts);
    if (those.length === 0) return { what, unit, least, edits: 0 };
    const summary = summarize(those);
    const value = reached(summary);
    return {
      ...{ what, unit, least, edits: those.length },
      ...(value !== undefined && { reached: value }),
      ...(unit === "share" && { worked: summary.right.worked }),
    };
  });
}

/** Each edit once: in its region where it was run so, else as it was run. */
export const preferred = (lines: readonly Line[]): readonly Line[] =>
  lines.filter(
    (line) =>
      isIn(line, "object") ||
      !lines.some(
        (other) =>
          other.edit === line.edit && other.candidate === line.candidate && other.region === "object",
      ),
  );
