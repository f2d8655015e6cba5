/** The table of a bench: every edit with every candidate, within a region and without. */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { resolveParams } from "../../core/params.ts";
import { EVERYTHING } from "../../edit/mask.ts";
import { RUN_PARAMS } from "../../edit/run-params.ts";
import type { EditSettings } from "../../edit/settings.ts";
import type { Sphere } from "../../scene/bounds.ts";
import type { Candidate } from "./candidates.ts";
import type { Edit } from "./edits.ts";
import type { PixelChange } from "./pixel-change.ts";
import type { ReadViews } from "./readings.ts";

/** Whether only splats around the object may move. */
export const REGIONS = ["object", "none"] as const;
export type RegionKind = (typeof REGIONS)[number];

export interface Cell {
  readonly edit: Edit;
  readonly region: RegionKind;
  readonly candidate: Candidate;
}

/** What a cell's numbers depend on beside its own settings: hashes of files, where they run, and how it is looked at. */
export interface Basis {
  readonly model: string;
  readonly provider: string;
  /** What the UNet computes in. */
  readonly precision: string;
  readonly adapter: string;
  readonly judge: string;
  readonly views: number;
  readonly size: number;
}

export interface CellResult extends ReadViews {
  /** How well the target's words fit the pictures, before and after. */
  readonly similarity: { readonly before: number; readonly after: number };
  readonly direction: number;
  /** Outside of the object and a margin around it, and on the object. */
  readonly outside?: PixelChange;
  readonly object?: PixelChange;
  /** Absent where nothing was optimised. */
  readonly run?: { readonly steps: number; readonly seconds: number; readonly secondsPerStep: number };
}

export interface FinishedCell extends Cell {
  readonly result: CellResult;
}

/** An edit of more than the object cannot be held to the object's region. */
export const regionsOf = (edit: Edit): readonly RegionKind[] =>
  edit.keeps === "outside" ? REGIONS : ["none"];

/** Scene by scene, so that each is opened once. */
export const allCells = (edits: readonly Edit[], candidates: readonly Candidate[]): readonly Cell[] =>
  edits.flatMap((edit) =>
    candidates.flatMap((candidate) => regionsOf(edit).map((region) => ({ edit, region, candidate }))),
  );

/** Whether a cell belongs to a run in this region: what has but one way to be run belongs to each. */
export const isIn = ({ edit, region }: Cell, wanted: RegionKind | "both"): boolean =>
  wanted === "both" || region === wanted || !regionsOf(edit).includes(wanted);

/** The training views and noise of every cell. */
const EDIT_SEED = 1;

export function settingsOfCell(
  { edit, region, candidate }: Cell,
  object: Sphere,
  size: number,
): EditSettings {
  return {
    ...candidate.settings,
    source: edit.source,
    target: edit.target,
    region: region === "object" ? { kind: "sphere", ...object } : EVERYTHING,
    focus: object,
    seed: EDIT_SEED,
    size,
  };
}

/** Changes of how cells are measured make earlier ones worthless; raise it then. */
const MEASURE = 1;

/**
 * A file's name for a cell: another where anything differs that its numbers depend on. A parameter of runs that is new
 * changes nothing at its default, so cells from before it stay good.
 */
export function cellKey(cell: Cell, basis: Basis, scene: string): string {
  const { edit, region, candidate } = cell;
  const { id: _, ...asked } = edit;
  const { runParams, ...others } = candidate.settings;
  const settings = isDeepStrictEqual(runParams, resolveParams(RUN_PARAMS)) ? others : candidate.settings;
  const depends = { MEASURE, asked, region, settings, basis, scene, EDIT_SEED };
  const hash = createHash("sha256").update(JSON.stringify(depends)).digest("hex").slice(0, 12);
  return `${edit.id}.${region}.${candidate.id.replace(/[^\w.=-]+/g, "_").slice(0, 80)}.${hash}`;
}
