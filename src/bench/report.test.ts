import { expect, it } from "vitest";
import { reportJson, reportText } from "./report.ts";
import type { BenchFacts } from "./report.ts";

const adapter = { name: "Fast 9000", vendor: "v", architecture: "a", isSoftware: false, hasTimestamps: true };
const machine = { cpu: "CPU", cores: 4, memoryGiB: 8, platform: "linux x64", node: "20", packages: {} };
const facts: BenchFacts = {
  machine: { ...machine, adapter },
  model: { name: "mini", provider: "webgpu" },
  method: "ssd",
  predictions: 3,
  repeat: 3,
  measured: {
    size: 128,
    scenes: [{ name: "cloud", splats: 10_000, shDegree: 3, visible: 9_000, pairs: 20_000 }],
    rows: [
      { row: "encoder forward", first: 900, samples: [3, 1, 2] },
      { row: "raster forward", scene: "cloud", first: 50, samples: [4, 4, 4] },
      { row: "raster backward", scene: "cloud", first: 80, samples: [12, 10, 14] },
      {
        ...{ row: "step exact", scene: "cloud", first: 300, samples: [100, 100, 100] },
        parts: Array(3).fill({ "raster forward": 25, unet: 50 }),
      },
    ],
    passes: [{ row: "raster forward", pass: "raster/project", scene: "cloud", samples: [0.2, 0.1, 0.3] }],
  },
};

it("tells medians, spreads and sizes of each row", () => {
  const lines = reportText(facts).split("\n");
  const line = (start: string) => lines.find((each) => each.startsWith(start))?.split(/ {2,}/);
  expect(line("encoder forward")).toEqual(["encoder forward", "2.00", "1.20 – 2.80", "900", "128 × 128"]);
  expect(line("raster backward")).toEqual([
    ...["raster backward", "cloud", "12.0", "10.4 – 13.6", "80.0"],
    ...["10,000", "9,000", "20,000", "128 × 128"],
  ]);
  expect(line("raster, backward : forward")).toEqual(["raster, backward : forward", "cloud", "3.00"]);
  expect(
    lines
      .filter((each) => each.startsWith("step exact"))
      .at(-1)
      ?.split(/ {2,}/),
  ).toEqual([...["step exact", "cloud", "25 %", "0.0 %", "50 %", "0.0 %", "0.0 %", "0.0 %", "25 %"]]);
  expect(lines).toContainEqual(expect.stringMatching(/^raster forward +raster\/project +0\.200$/));
});

it("says plainly when the adapter is software", () => {
  expect(reportText(facts)).toMatch(/^adapter {2}Fast 9000\nmodel {4}mini on webgpu; /);
  const software = { ...facts, machine: { ...machine, adapter: { ...adapter, isSoftware: true } } };
  expect(reportText(software)).toMatch(/^adapter {2}Fast 9000 \(software: .*nothing about a GPU\)/);
});

it("leaves out sections that nothing was measured for", () => {
  const measured = { ...facts.measured, rows: facts.measured.rows.slice(0, 1), passes: [], scenes: [] };
  const text = reportText({ ...facts, measured });
  expect(text).not.toMatch(/Passes|Shares|ratio/);
});

it("writes every sample, summaries and ratios as JSON", () => {
  const report = JSON.parse(reportJson(facts));
  expect(report).toMatchObject({
    machine: { adapter: { name: "Fast 9000" } },
    unit: "ms",
    repeat: 3,
    image: { width: 128, height: 128 },
    scenes: facts.measured.scenes,
    ratios: [{ name: "raster, backward : forward", scene: "cloud", value: 3 }],
  });
  expect(report.rows[0]).toEqual({
    ...{ row: "encoder forward", first: 900, median: 2, p10: 1.2, p90: 2.8 },
    samples: [3, 1, 2],
  });
  expect(report.passes[0]).toMatchObject({ pass: "raster/project", scene: "cloud", median: 0.2 });
});
