/** What finished cells add up to. */
import type { AttributeName, Attributes } from "../../cli/scenes/attributes.ts";
import type { CellResult, FinishedCell } from "./cells.ts";
import { GROUPS } from "./edits.ts";
import type { EditGroup } from "./edits.ts";
import { readsAs, shareKept, shareRight, tally } from "./readings.ts";
import type { Twins } from "./readings.ts";
import { mean } from "./similarity.ts";

/** A finished cell in numbers. */
export interface Line extends FinishedCell {
  /** Share of views in which all that must change reads as wanted, after the edit and before. */
  readonly right: number;
  readonly rightBefore: number;
  readonly kept: number;
  /** Of true pictures of the target, where those could be made. */
  readonly rightInTruth?: number;
  /** Why the edit failed, or what it broke, in words; empty where it did neither. */
  readonly wrong: string;
}

export function lineOf(cell: FinishedCell, twins: Twins, rightInTruth?: number): Line {
  const { edit, result } = cell;
  const right = shareRight(edit, result.after, twins);
  const problems = [
    ...(hasWorked({ right }) ? [] : failures(cell, twins)),
    ...losses(cell, twins),
    ...surroundings(cell),
  ];
  return {
    ...cell,
    right,
    rightBefore: shareRight(edit, result.before, twins),
    kept: shareKept(edit, result, twins),
    wrong: problems.join("; "),
    ...(rightInTruth !== undefined && { rightInTruth }),
  };
}

/** An edit has worked when most views say so. */
export const hasWorked = ({ right }: Pick<Line, "right">): boolean => right > 0.5;

export interface Share {
  /** Mean over edits of the share of views. */
  readonly views: number;
  readonly worked: number;
  readonly edits: number;
}

/** Means over edits; absent where no edit has the number. */
export interface Summary {
  readonly edits: number;
  readonly right: Share;
  readonly groups: Readonly<Partial<Record<EditGroup, Share>>>;
  readonly kept: number;
  readonly similarity: number;
  readonly direction: number;
  /** Outside of the object, of edits that should keep it. */
  readonly outside?: Change;
  /** On the object, of edits of the ground. */
  readonly object?: Change;
  readonly secondsPerStep?: number;
  /** Of a whole edit. */
  readonly seconds?: number;
}
interface Change {
  readonly psnr: number;
  readonly ssim: number;
}

/** Of at least one line. */
export function summarize(lines: readonly Line[]): Summary {
  const groups = GROUPS.flatMap((group) => {
    const those = lines.filter(({ edit }) => edit.group === group);
    return those.length ? [[group, shareOf(those)] as const] : [];
  });
  const runs = lines.flatMap(({ result }) => result.run ?? []);
  const [outside, object] = [changeOf(lines, "outside"), changeOf(lines, "object")];
  return {
    edits: lines.length,
    right: shareOf(lines),
    groups: Object.fromEntries(groups),
    kept: mean(lines.map(({ kept }) => kept)),
    similarity: mean(lines.map(({ result }) => result.similarity.after)),
    direction: mean(lines.map(({ result }) => result.direction)),
    ...(outside && { outside }),
    ...(object && { object }),
    ...(runs.length && {
      secondsPerStep: mean(runs.map(({ secondsPerStep }) => secondsPerStep)),
      seconds: mean(runs.map(({ seconds }) => seconds)),
    }),
  };
}

const shareOf = (lines: readonly Line[]): Share => ({
  views: mean(lines.map(({ right }) => right)),
  worked: lines.filter(hasWorked).length,
  edits: lines.length,
});

function changeOf(lines: readonly Line[], part: "outside" | "object"): Change | undefined {
  const changes = lines.filter(({ edit }) => edit.keeps === part).flatMap(({ result }) => result[part] ?? []);
  if (changes.length === 0) return undefined;
  return { psnr: mean(changes.map(({ psnr }) => psnr)), ssim: mean(changes.map(({ ssim }) => ssim)) };
}

/** PSNR outside of the object that an edit should reach, dB. */
export const LEAST_PSNR = { object: 28, none: 24 } as const;

/**
 * One number to rank settings by, in [0, 1]: what was wanted has happened, what was not has not, and the surroundings
 * are as they were. Each factor is 1 when there is nothing to wish for.
 */
export function scoreOf({ right, kept, edit, region, result }: Line): number {
  const psnr = edit.keeps === "outside" ? result.outside?.psnr : undefined;
  return right * kept * (psnr === undefined ? 1 : Math.min(1, psnr / LEAST_PSNR[region]));
}

/** What is read where something else was wanted. */
function failures({ edit, result }: FinishedCell, twins: Twins): readonly string[] {
  return edit.changes.flatMap((name) => {
    const missed = result.after.filter((view) => !readsAs(view, edit.to, name, twins));
    const still = missed.filter((view) => readsAs(view, edit.from, name, twins));
    if (2 * still.length >= missed.length) return `still ${edit.from[name]} ${ofViews(still, result)}`;
    const [word] = tally(missed, name)[0]!;
    return `reads as ${word} ${ofViews(
      missed.filter((view) => view[name] === word),
      result,
    )}`;
  });
}

/** What was to stay, read right in most views, and in most no longer does. */
function losses({ edit, result }: FinishedCell, twins: Twins): readonly string[] {
  const wrong = (views: readonly Attributes[], shown: Attributes, name: AttributeName) =>
    views.filter((view) => !readsAs(view, shown, name, twins));
  return edit.holds.flatMap((name) => {
    const lost = wrong(result.after, edit.to, name);
    const most = result.after.length / 2;
    if (lost.length <= most || wrong(result.before, edit.from, name).length > most) return [];
    return `no longer ${edit.from[name]} but ${tally(lost, name)[0]![0]} ${ofViews(lost, result)}`;
  });
}

function surroundings({ edit, region, result }: FinishedCell): readonly string[] {
  const psnr = edit.keeps === "outside" ? result.outside?.psnr : undefined;
  if (psnr === undefined || psnr >= LEAST_PSNR[region]) return [];
  return [`outside at ${psnr.toFixed(1)} dB, not ${LEAST_PSNR[region]}`];
}

const ofViews = (views: readonly unknown[], { after }: CellResult): string =>
  `in ${views.length} of ${after.length}`;
