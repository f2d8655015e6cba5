import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { allCells, isIn, regionsOf } from "./cells.ts";
import type { Basis, Cell } from "./cells.ts";
import { edits } from "./edits.ts";
import { createLedger } from "./ledger.ts";
import { BASIS, CANDIDATES, finished } from "./testing/finished.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "splatsmith-cells-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const quick = edits.all.filter((edit) => edit.quick);
const open = (candidates = CANDIDATES, basis: Basis = BASIS) =>
  createLedger(folder, allCells(quick, candidates), basis);
const picture = (level: number) => ({ width: 2, height: 1, data: new Uint8ClampedArray(8).fill(level) });
const measured = (cell: Cell) => ({
  result: finished({ edit: cell.edit.id, worked: 3 }).result,
  pictures: { before: picture(10), after: picture(255) },
});

it("has every edit with every candidate, the object's with a region and without", () => {
  const cells = allCells(quick, CANDIDATES);
  const each = quick.reduce((sum, edit) => sum + regionsOf(edit).length, 0);
  expect(cells).toHaveLength(each * CANDIDATES.length);
  for (const wanted of ["object", "none"] as const) {
    const run = cells.filter((cell) => isIn(cell, wanted));
    expect(run).toHaveLength(quick.length * CANDIDATES.length);
    for (const { edit, region } of run) expect(region).toBe(edit.keeps === "outside" ? wanted : "none");
  }
  expect(cells.filter((cell) => isIn(cell, "both"))).toEqual(cells);
});

it("knows what an earlier run has finished, with its pictures, and nothing more", async () => {
  const first = await open();
  expect(first.cells.filter((cell) => first.finished(cell))).toEqual([]);
  const cell = first.cells[3]!;
  await first.add(cell, measured(cell));
  expect(first.finished(cell)?.result).toEqual(measured(cell).result);

  const next = await open();
  const [found, ...others] = next.cells.filter((each) => next.finished(each));
  expect([found, others]).toEqual([cell, []]);
  expect(next.finished(found!)).toEqual({ ...cell, result: measured(cell).result });
  expect(await next.pictures(found!)).toEqual(measured(cell).pictures);
});

it("measures anew what depends on something that has changed", async () => {
  const ledger = await open();
  for (const cell of ledger.cells) await ledger.add(cell, measured(cell));
  const count = async (...changed: Parameters<typeof open>) => {
    const later = await open(...changed);
    return later.cells.filter((cell) => later.finished(cell)).length;
  };
  expect(await count()).toBe(ledger.cells.length);
  for (const part of ["model", "judge", "provider", "precision", "adapter"] as const)
    expect(await count(CANDIDATES, { ...BASIS, [part]: "new" })).toBe(0);
  expect(await count(CANDIDATES, { ...BASIS, views: 5 })).toBe(0);
  const [first, ...others] = CANDIDATES;
  const shorter = { ...first!, settings: { ...first!.settings, steps: 7 } };
  expect(await count([shorter, ...others])).toBe(
    ledger.cells.filter(({ candidate }) => candidate !== first).length,
  );
});

it("takes a file that was cut off, or is no cell, for none", async () => {
  const ledger = await open();
  const cell = ledger.cells[0]!;
  await ledger.add(cell, measured(cell));
  const [json] = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  for (const text of ['{"result": {"before"', "", "[]"]) {
    await writeFile(join(folder, json!), text);
    const later = await open();
    expect(later.finished(later.cells[0]!)).toBeUndefined();
  }
});
