import { join } from "node:path";
import { stage } from "../../cli/exit.ts";
import type { ExitReason } from "../../cli/exit.ts";
import { checkWritable, readBytes } from "../../cli/files.ts";
import { openProgramGpu } from "../../cli/gpu.ts";
import type { Interrupts } from "../../cli/program.ts";
import { EMBEDDED_MODEL, root } from "../../cli/root.ts";
import { buildRenderer } from "../../cli/scenes/world.ts";
import { UserError } from "../../core/errors.ts";
import { diskFolder } from "../../diffusion/folder-source.node.ts";
import { loadPipeline } from "../../diffusion/pipeline.ts";
import type { Pipeline } from "../../diffusion/pipeline.ts";
import { useNodeRuntime } from "../../diffusion/session/runtime.node.ts";
import { checkSettings } from "../../edit/settings-check.ts";
import type { Gpu } from "../../gpu/device.ts";
import { Rasterizer } from "../../raster/rasterizer.ts";
import { machineFacts } from "../machine.ts";
import { parseSweep, presetCandidates, sweepCandidates } from "./candidates.ts";
import type { Candidate } from "./candidates.ts";
import { allCells, isIn } from "./cells.ts";
import { chooseEdits, setOf } from "./edit-options.ts";
import type { EditBenchOptions } from "./edit-options.ts";
import { editScenes, openEditScene } from "./edit-scenes.ts";
import { edits } from "./edits.ts";
import type { Edit } from "./edits.ts";
import { fingerprint, folderFingerprint } from "./fingerprint.ts";
import { JUDGED_SIZE, judgeFiles, loadJudge } from "./judge.ts";
import { createLedger } from "./ledger.ts";
import { runCells } from "./run-cells.ts";
import { writeReport } from "./write-report.ts";

const JUDGE = join(root, "models/judge");

export async function runEditBench(options: EditBenchOptions, interrupts: Interrupts): Promise<ExitReason> {
  const { model = EMBEDDED_MODEL, judge: judgeFolder = JUDGE, provider, views } = options;
  const set = setOf(options);
  const wanted = chooseEdits(options);
  const out = options.out ?? join(root, "bench/results", `edit-${set}`);
  await stage("badInput", () => checkWritable(join(out, "report.md")));

  useNodeRuntime();
  const gpu = await openProgramGpu();
  await stage("badInput", () => prepareScenes(gpu, wanted));
  if (options.prepare) return "ok";

  const judge = await stage("badInput", () => loadJudge(judgeFolder, join(EMBEDDED_MODEL, "tokenizer")));
  const pipeline = await stage("badInput", () => loadPipeline(diskFolder(model), { gpu, provider }));
  const { asked, known } = await stage("usage", () => chooseCandidates(options, pipeline));
  const machine = machineFacts(gpu);
  const basis = {
    model: await folderFingerprint(model),
    provider: pipeline.info.provider,
    precision: pipeline.info.precision.precision,
    adapter: machine.adapter.name,
    judge: await fingerprint(judgeFiles(judgeFolder)),
    views,
    size: JUDGED_SIZE,
  };
  const ledger = await createLedger(
    join(out, "cells"),
    allCells(
      edits.all.filter((edit) => edit.set === set),
      known,
    ),
    basis,
  );
  const cells = ledger.cells.filter(
    (cell) => wanted.includes(cell.edit) && asked.includes(cell.candidate) && isIn(cell, options.region),
  );
  const studio = { gpu, pipeline, judge, rasterizer: new Rasterizer(gpu) };
  const missing = await runCells({ studio, ledger, cells, views, interrupts });

  const facts = {
    ...{ set, basis, missing, candidates: known },
    machine,
    model: { name: pipeline.info.name, provider: pipeline.info.provider },
  };
  const text = await stage("badInput", () =>
    writeReport(out, facts, { ledger, judge, canRender: canRender() }),
  );
  console.log(`\n${text}`);
  console.error(`Wrote ${join(out, "report.md")}, report.json and grid.png`);
  return interrupts.requested ? "interrupted" : "ok";
}

/** Makes the scenes that are missing. */
async function prepareScenes(gpu: Gpu, wanted: readonly Edit[]): Promise<void> {
  for (const id of new Set(wanted.map(({ scene }) => scene))) await openEditScene(gpu, editScenes.get(id));
}

/** Whether true pictures can be made to compare with; without a C compiler they cannot, and are left out. */
function canRender(): boolean {
  try {
    buildRenderer();
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`${error.message}\nThe report goes without true pictures to compare with.`);
    return false;
  }
}

/** What is asked for, among all that the report may speak of. */
async function chooseCandidates(
  { sweep, methods, quick, steps }: EditBenchOptions,
  { info: { family }, schedule }: Pipeline,
): Promise<{ readonly asked: readonly Candidate[]; readonly known: readonly Candidate[] }> {
  const all =
    sweep === undefined
      ? presetCandidates(family)
      : sweepCandidates(family, parseSweep(new TextDecoder().decode(await readBytes(sweep))));
  const known = all.map((candidate) =>
    steps === undefined ? candidate : { ...candidate, settings: { ...candidate.settings, steps } },
  );
  for (const { settings } of known) {
    const [edit] = edits.all;
    checkSettings({ ...settings, source: edit!.source, target: edit!.target }, schedule);
  }
  if (sweep !== undefined) return { asked: known, known };
  const ids = presetCandidates(family, methods).map(({ id }) => id);
  const named = known.filter(({ id }) => ids.includes(id));
  return { asked: quick && !methods ? named.slice(0, 1) : named, known };
}
