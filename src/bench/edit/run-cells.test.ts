/** The whole way, small: a scene that comes with the page, the embedded model, the judge, a few steps, two views. */
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { diskFolder } from "../../diffusion/folder-source.node.ts";
import { loadPipeline } from "../../diffusion/pipeline.ts";
import { useNodeRuntime } from "../../diffusion/session/runtime.node.ts";
import { gpuTest } from "../../gpu/testing.ts";
import { Rasterizer } from "../../raster/rasterizer.ts";
import { machineFacts } from "../machine.ts";
import { presetCandidates } from "./candidates.ts";
import { allCells, isIn } from "./cells.ts";
import { edits } from "./edits.ts";
import { JUDGED_SIZE, loadJudge, missingFiles } from "./judge.ts";
import { createLedger } from "./ledger.ts";
import { MOST_DECIBELS } from "./pixel-change.ts";
import { readsAs } from "./readings.ts";
import { runCells } from "./run-cells.ts";
import { BASIS } from "./testing/finished.ts";
import { writeReport } from "./write-report.ts";

useNodeRuntime();
const models = join(import.meta.dirname, "../../../models");
const [VIEWS, STEPS] = [2, 3];

gpuTest("an edit is run, judged, kept, and reported", { timeout: 600_000 }, async ({ gpu, skip }) => {
  const missing = await missingFiles(diskFolder(join(models, "judge")));
  skip(missing.length > 0, `models/judge has no ${missing.join(", no ")}`);

  const folder = await mkdtemp(join(tmpdir(), "splatsmith-edits-"));
  const judge = await loadJudge(join(models, "judge"), join(models, "mini/tokenizer"));
  const pipeline = await loadPipeline(diskFolder(join(models, "mini")), { gpu });
  const studio = { gpu, judge, pipeline, rasterizer: new Rasterizer(gpu) };
  onTestFinished(async () => {
    await rm(folder, { recursive: true, force: true });
    studio.rasterizer.dispose();
    await judge.dispose();
    await pipeline.dispose();
  });

  const [preset] = presetCandidates("embedded", ["ssd"]);
  const candidate = { ...preset!, settings: { ...preset!.settings, steps: STEPS } };
  const basis = { ...BASIS, views: VIEWS, size: JUDGED_SIZE };
  const openLedger = () =>
    createLedger(join(folder, "cells"), allCells([edits.get("red-apple-blue")], [candidate]), basis);
  const ledger = await openLedger();
  const [cell, ...others] = ledger.cells.filter((each) => isIn(each, "object"));
  expect(others).toEqual([]);

  const stopped = { requested: true, onRequest: () => {} };
  const run = { studio, ledger, cells: [cell!], views: VIEWS };
  expect(await runCells({ ...run, interrupts: stopped })).toBe(1);
  expect(ledger.finished(cell!)).toBeUndefined();

  expect(await runCells({ ...run, interrupts: { ...stopped, requested: false } })).toBe(0);
  const { result } = ledger.finished(cell!)!;
  expect(result.run).toMatchObject({ steps: STEPS });
  expect([result.before.length, result.after.length]).toEqual([VIEWS, VIEWS]);
  // What any judge sees: the ground, and a red apple's colour.
  for (const view of result.before) {
    expect(view.ground).toBe("grass");
    expect(readsAs(view, cell!.edit.from, "material", judge.twins)).toBe(true);
  }
  // In a region a run leaves what surrounds it as it was.
  expect(result.outside).toEqual({ psnr: MOST_DECIBELS, ssim: expect.closeTo(1, 4) as number });
  expect(result.object!.psnr).toBeGreaterThan(15);
  expect(result.object!.psnr).toBeLessThan(MOST_DECIBELS);
  for (const value of [result.direction, result.similarity.after])
    expect(Math.abs(value)).toBeLessThanOrEqual(1);

  const later = await openLedger();
  expect(await runCells({ ...run, ledger: later, cells: later.cells.slice(0, 1), interrupts: stopped })).toBe(
    0,
  );
  const facts = {
    ...({ set: "report", basis, missing: 0, candidates: [candidate] } as const),
    machine: machineFacts(gpu),
    model: { name: "mini", provider: "wasm" },
  };
  const text = await writeReport(folder, facts, { ledger: later, judge, canRender: false });
  expect(text).toContain("a photo of a blue apple on grass");
  expect(await readFile(join(folder, "report.md"), "utf8")).toBe(text);
  expect((await readdir(folder)).sort()).toEqual(["cells", "grid.png", "report.json", "report.md"]);
});
