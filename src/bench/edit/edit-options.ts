/** What `npm run bench:edit` takes. */
import { Command, Option } from "commander";
import { usageError } from "../../cli/exit.ts";
import { numberIn } from "../../cli/values.ts";
import { words } from "../options.ts";
import { REGIONS } from "./cells.ts";
import type { RegionKind } from "./cells.ts";
import { edits } from "./edits.ts";
import type { Edit, EditSet } from "./edits.ts";

export interface EditBenchOptions {
  readonly set?: EditSet;
  readonly methods?: readonly string[];
  readonly edits?: readonly string[];
  readonly region: RegionKind | "both";
  readonly quick?: true;
  readonly sweep?: string;
  readonly steps?: number;
  readonly views: number;
  readonly model?: string;
  readonly judge?: string;
  readonly provider: "auto" | "webgpu" | "wasm";
  readonly out?: string;
  readonly prepare?: true;
}

const EXAMPLES = `
A run that was stopped goes on where it was when it is started again: each finished cell (an edit by a method) lies in
the output folder. The report is of all cells there that fit the model, the judge and the settings of now, so one may
measure some methods first and others later.

Examples:
  Make the scenes that are still missing, and nothing else:
    npm run bench:edit -- --prepare

  The default method on three edits of a scene that comes with the page:
    npm run bench:edit -- --quick

  Every method on the report's edits, the object's within its region:
    npm run bench:edit

  SSD without a region as well:
    npm run bench:edit -- --methods ssd --region both

  Settings from a file, ranked by how they do on the tuning set:
    npm run bench:edit -- --sweep src/bench/edit/sweeps/ssd.json
`;

/** The program's arguments; parsing throws commander's errors. */
export function editBenchCommand(): Command {
  return new Command("bench:edit")
    .usage("[options]")
    .description("Compares distillation methods by what becomes of edits whose outcome is known.")
    .addOption(
      new Option("--set <name>", "which edits (default: report, or tuning for a sweep)").choices([
        "report",
        "tuning",
      ] satisfies EditSet[]),
    )
    .option(
      "--methods <names>",
      "methods or presets; with commas (default: all of the model's family)",
      words,
    )
    .option("--edits <words>", "edits with one of these in their name or group; with commas", words)
    .addOption(
      new Option("--region <kind>", "what edits of the object may change")
        .choices([...REGIONS, "both"])
        .default("object"),
    )
    .option("--quick", "a few edits of a scene that comes with the page, by the default preset unless said")
    .option("--sweep <file>", "variations of presets to rank, as JSON")
    .option("--steps <number>", "steps of every run (default: the preset's)", numberIn(1, 100_000, true))
    .option("--views <number>", "random views that judge each edit", numberIn(1, 1000, true), 20)
    .option("--model <folder>", "model to edit with (default: the embedded one)")
    .option("--judge <folder>", "networks that judge (default: models/judge)")
    .addOption(
      new Option("--provider <name>", "where the model runs")
        .choices(["auto", "webgpu", "wasm"])
        .default("auto"),
    )
    .option("--out <folder>", "cells and report (default: bench/results/edit-<set>)")
    .option("--prepare", "only make the scenes that the edits need")
    .helpOption("-h, --help", "show this")
    .addHelpText("after", EXAMPLES)
    .exitOverride();
}

/** The edits asked for. Throws a usage error where there are none. */
export function chooseEdits(
  options: Pick<EditBenchOptions, "set" | "sweep" | "quick" | "edits">,
): readonly Edit[] {
  const ofSet = edits.all.filter((edit) => edit.set === setOf(options));
  const some = options.quick ? ofSet.filter(({ quick }) => quick) : ofSet;
  if (some.length === 0) throw usageError("The small subset is of the report's edits.", "Leave out --quick.");
  for (const word of options.edits ?? []) {
    if (some.some((edit) => isCalled(edit, word))) continue;
    throw usageError(
      `No edit has “${word}” in its name.`,
      `There are ${some.map(({ id }) => id).join(", ")}.`,
    );
  }
  return some.filter((edit) => !options.edits || options.edits.some((word) => isCalled(edit, word)));
}

const isCalled = ({ id, group }: Edit, word: string): boolean => id.includes(word) || group === word;

export const setOf = ({ set, sweep }: Pick<EditBenchOptions, "set" | "sweep">): EditSet =>
  set ?? (sweep === undefined ? "report" : "tuning");
