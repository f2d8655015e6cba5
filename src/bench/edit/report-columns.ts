/** What the report's tables show, column by column. */
import type { Column } from "../table.ts";
import type { RegionKind } from "./cells.ts";
import { GROUPS } from "./edits.ts";
import type { EditGroup } from "./edits.ts";
import type { Goal } from "./goals.ts";
import type { Line, Summary } from "./summary.ts";

/** One row of a table: a candidate, or the truth. */
export interface Row {
  readonly name: string;
  readonly region?: RegionKind;
  readonly summary: Summary;
  readonly score?: number;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const decibels = (psnr: number | undefined): string => (psnr === undefined ? "–" : psnr.toFixed(1));
const seconds = (value: number | undefined): string => (value === undefined ? "–" : value.toFixed(2));

const column = <T>(
  title: string,
  text: (row: T) => string,
  align: "left" | "right" = "right",
): Column<T> => ({
  title,
  align,
  text,
});

const NAME = column<Row>("method", ({ name }) => name, "left");
const SCORE = column<Row>("score", ({ score }) => score!.toFixed(3));
const EDITS = column<Row>("edits", ({ summary }) => String(summary.edits));
const SIMILARITY = column<Row>("similarity", ({ summary }) => summary.similarity.toFixed(4));
const DIRECTION = column<Row>("direction", ({ summary }) => summary.direction.toFixed(4));
const RIGHT = column<Row>("right", ({ summary }) => percent(summary.right.views));
const KEPT = column<Row>("kept", ({ summary }) => percent(summary.kept));
const STEP = column<Row>("s/step", ({ summary }) => seconds(summary.secondsPerStep));
const WHOLE = column<Row>("s/edit", ({ summary }) => summary.seconds?.toFixed(0) ?? "–");
const OUTSIDE = [
  column<Row>("PSNR outside, dB", ({ summary }) => decibels(summary.outside?.psnr)),
  column<Row>("SSIM outside", ({ summary }) => summary.outside?.ssim.toFixed(3) ?? "–"),
];
const group = (name: EditGroup): Column<Row> =>
  column(name, ({ summary: { groups } }) => {
    const share = groups[name];
    return share ? `${percent(share.views)} (${share.worked}/${share.edits})` : "–";
  });

export const ALL: readonly Column<Row>[] = [
  NAME,
  EDITS,
  SIMILARITY,
  DIRECTION,
  RIGHT,
  ...GROUPS.map(group),
  KEPT,
  STEP,
];
export const RANKING: readonly Column<Row>[] = [
  NAME,
  SCORE,
  RIGHT,
  ...GROUPS.map(group),
  KEPT,
  ...OUTSIDE,
  STEP,
  WHOLE,
];
export const OBJECT: readonly Column<Row>[] = [
  NAME,
  column(
    "region",
    ({ region }) => (region === "object" ? "object" : region === "none" ? "none" : "–"),
    "left",
  ),
  ...[
    EDITS,
    SIMILARITY,
    DIRECTION,
    group("colour"),
    group("material"),
    group("kind"),
    KEPT,
    ...OUTSIDE,
    STEP,
  ],
];
export const PICTURE: readonly Column<Row>[] = [
  ...[NAME, EDITS, SIMILARITY, DIRECTION, group("ground"), group("light"), group("style"), KEPT],
  column("PSNR on the object, ground edits, dB", ({ summary }) => decibels(summary.object?.psnr)),
  column("SSIM there", ({ summary }) => summary.object?.ssim.toFixed(3) ?? "–"),
  STEP,
];

export const LINES: readonly Column<Line>[] = [
  column("edit", ({ edit }) => `${edit.source} → ${edit.target}${edit.heldOut ? " *" : ""}`, "left"),
  column("asks for", ({ edit }) => edit.group, "left"),
  column("method", ({ candidate }) => candidate.id, "left"),
  column("region", ({ region }) => region, "left"),
  column("right", ({ right }) => percent(right)),
  column("truth", ({ rightInTruth }) => (rightInTruth === undefined ? "–" : percent(rightInTruth))),
  column("kept", ({ kept }) => percent(kept)),
  column("PSNR", ({ edit, result }) =>
    edit.keeps === "nothing" ? "–" : `${decibels(result[edit.keeps]?.psnr)} ${edit.keeps}`,
  ),
  column("direction", ({ result }) => result.direction.toFixed(3)),
  column("what went wrong", ({ wrong }) => wrong, "left"),
];

export const GOALS: readonly Column<Goal>[] = [
  column("goal", ({ what }) => what, "left"),
  column("at least", ({ unit, least }) => inUnit(unit, least)),
  column("reached", ({ unit, reached }) => (reached === undefined ? "not measured" : inUnit(unit, reached))),
  column(
    "",
    ({ least, reached }) => (reached === undefined ? "" : reached >= least ? "met" : "missed"),
    "left",
  ),
  column(
    "edits",
    ({ edits, worked }) => (worked === undefined ? String(edits) : `${worked} of ${edits} in most views`),
    "left",
  ),
];
const inUnit = (unit: Goal["unit"], value: number): string =>
  unit === "share" ? percent(value) : `${value.toFixed(1)} dB`;
