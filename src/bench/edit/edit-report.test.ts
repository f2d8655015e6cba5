import { describe, expect, it, test } from "vitest";
import { reportJson, reportMarkdown } from "./edit-report.ts";
import type { EditFacts } from "./edit-report.ts";
import { goalsOf, preferred } from "./goals.ts";
import { pictureGrid } from "./grid.ts";
import { LEAST_PSNR, lineOf, scoreOf, summarize } from "./summary.ts";
import { BASIS, CANDIDATES, finished } from "./testing/finished.ts";
import type { Outcome } from "./testing/finished.ts";

const line = (outcome: Outcome, truth?: number) => lineOf(finished(outcome), { apple: "red" }, truth);

const LINES = [
  line({ edit: "red-apple-blue", worked: 4, psnr: 40 }, 1),
  line({ edit: "red-apple-blue", region: "none", worked: 2, psnr: 20 }, 1),
  line({ edit: "red-apple-pumpkin", worked: 1, psnr: 30 }, 0.75),
  line({ edit: "red-apple-snow", worked: 3, psnr: 26 }, 1),
  line({ edit: "red-apple-blue", candidate: "embedded-dds", worked: 0, psnr: 60 }, 1),
];
const adapter = { name: "Fast", vendor: "", architecture: "", isSoftware: true, hasTimestamps: false };
const facts: EditFacts = {
  set: "report",
  basis: BASIS,
  machine: { adapter, cpu: "CPU", cores: 2, memoryGiB: 4, platform: "linux", node: "20", packages: {} },
  model: { name: "mini", provider: "wasm" },
  candidates: CANDIDATES,
  lines: LINES,
  truth: [],
  missing: 0,
};

describe("a summary", () => {
  const ssd = LINES.filter(({ candidate }) => candidate.method === "ssd");

  it("counts an edit once, in its region where it was run so", () => {
    expect(preferred(ssd).map(({ edit, region }) => `${edit.group} ${region}`)).toEqual([
      "colour object",
      "kind object",
      "ground none",
    ]);
    expect(preferred([LINES[1]!])).toHaveLength(1);
  });

  it("averages over edits, and measures each where it should keep something", () => {
    const summary = summarize(preferred(ssd));
    expect(summary.right).toEqual({ views: (1 + 0.25 + 0.75) / 3, worked: 2, edits: 3 });
    expect(summary.groups).toEqual({
      colour: { views: 1, worked: 1, edits: 1 },
      kind: { views: 0.25, worked: 0, edits: 1 },
      ground: { views: 0.75, worked: 1, edits: 1 },
    });
    expect(summary.outside?.psnr).toBe(35);
    expect(summary.object?.psnr).toBe(26);
    expect(summary.secondsPerStep).toBeCloseTo(0.5);
  });

  it("states goals with and without a region, and does not invent what nobody measured", () => {
    const goals = goalsOf(ssd);
    expect(goals.map(({ reached }) => reached)).toEqual([0.875, 0.25, 35, 20]);
    expect(goals.map(({ worked }) => worked)).toEqual([2, 0, undefined, undefined]);
    expect(goalsOf([LINES[0]!]).map(({ reached }) => reached)).toEqual([1, undefined, 40, undefined]);
  });
});

test("the score falls with what failed, what was lost and what was spoilt", () => {
  expect(scoreOf(LINES[0]!)).toBe(1);
  expect(scoreOf(LINES[1]!)).toBeCloseTo((0.5 * 20) / LEAST_PSNR.none);
  const { result } = LINES[0]!;
  const lost = result.after.map((view) => ({ ...view, ground: "snow" }));
  expect(scoreOf(lineOf({ ...LINES[0]!, result: { ...result, after: lost } }, {}))).toBeCloseTo(0.75);
});

test("what went wrong is told: nothing moved, something else came, something was lost", () => {
  expect(LINES.map(({ wrong }) => wrong)).toEqual([
    "",
    "still red in 2 of 4; outside at 20.0 dB, not 24",
    "still apple in 3 of 4",
    "",
    "still red in 4 of 4",
  ]);
  const { result } = LINES[0]!;
  const natural = result.after.map((view) => ({ ...view, material: "natural" }));
  const read = (after: typeof natural) =>
    lineOf({ ...LINES[0]!, result: { ...result, after } }, { apple: "red" }).wrong;
  expect(read(natural)).toBe("still red in 4 of 4");
  expect(read(natural.map((view) => ({ ...view, material: "gold", kind: "donut" })))).toBe(
    "reads as gold in 4 of 4; no longer apple but donut in 4 of 4",
  );
});

describe("the report", () => {
  const text = reportMarkdown(facts);
  const cells = (start: string): string[][] =>
    text
      .split("\n")
      .filter((each) => each.startsWith(`| ${start}`))
      .map((each) =>
        each
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );

  it("compares methods, says what the goals are and what is reached", () => {
    expect(cells("embedded-ssd")[0]).toEqual([
      ...["embedded-ssd", "3", "0.2000", "0.6667", "67 %", "100 % (1/1)", "–", "25 % (0/1)", "75 % (1/1)"],
      ...["–", "–", "100 %", "0.50"],
    ]);
    expect(cells("colour, material and ground")[0]!.slice(1)).toEqual([
      ...["90 %", "88 %", "missed", "2 of 2 in most views"],
    ]);
    expect(cells("PSNR outside the object, in a region")[0]!.slice(1)).toEqual([
      "28.0 dB",
      "35.0 dB",
      "met",
      "2",
    ]);
    expect(text).toContain("PSNR outside says nothing");
    expect(text).toContain("seconds here say nothing about a GPU");
  });

  it("lists every cell, with what the judge says of true pictures", () => {
    const rows = cells("a photo of a red apple on grass →");
    expect(rows).toHaveLength(LINES.length);
    expect(rows[2]!.slice(1)).toEqual([
      ...["kind", "embedded-ssd", "object", "25 %", "75 %", "100 %", "30.0 outside", "0.250"],
      "still apple in 3 of 4",
    ]);
    expect(rows[0]![0]).toMatch(/blue apple on grass \*$/);
  });

  it("ranks settings on the tuning set alone, the best first", () => {
    expect(text).not.toContain("## Ranking");
    const tuning = reportMarkdown({ ...facts, set: "tuning" });
    const ranking = tuning.slice(tuning.indexOf("## Ranking"), tuning.indexOf("## All edits"));
    expect([...ranking.matchAll(/^\| (embedded-\w+)/gm)].map((match) => match[1])).toEqual([
      "embedded-ssd",
      "embedded-dds",
    ]);
  });

  it("says what is missing, and is no more than that before the first cell", () => {
    expect(reportMarkdown({ ...facts, missing: 7 })).toContain("7 cells still to come");
    expect(reportMarkdown({ ...facts, lines: [] })).not.toContain("##");
  });

  it("holds every reading as JSON", () => {
    const json = JSON.parse(reportJson(facts));
    expect(json.cells).toHaveLength(LINES.length);
    expect(json.cells[0]).toMatchObject({
      edit: "red-apple-blue",
      candidate: "embedded-ssd",
      right: 1,
      score: 1,
    });
    expect(json.cells[0].result.after).toHaveLength(BASIS.views);
    expect(json.goals.goals).toHaveLength(4);
    expect(json.candidates[0].settings.method).toBe("ssd");
  });
});

test("the picture grid has a row for each edit and a column for each candidate", () => {
  const picture = (level: number) => ({ width: 2, height: 2, data: new Uint8ClampedArray(16).fill(level) });
  const pictured = LINES.map((cell, i) => ({
    ...cell,
    pictures: { before: picture(10), after: picture(20 + i) },
  }));
  const grid = pictureGrid(pictured, CANDIDATES);
  expect(grid.rows.map(({ id }) => id)).toEqual(["red-apple-blue", "red-apple-pumpkin", "red-apple-snow"]);
  expect(grid.columns).toEqual(["before", "embedded-ssd", "embedded-dds"]);
  const at = (row: number, column: number) =>
    grid.picture.data[4 * (6 * row * grid.picture.width + 6 * column)];
  expect([0, 1, 2].map((row) => [0, 1, 2].map((column) => at(row, column)))).toEqual([
    [10, 20, 24],
    [10, 22, 255],
    [10, 23, 255],
  ]);
});
