/** What was measured, for people and for programs. */
import { number } from "../formats/words.ts";
import type { MachineFacts } from "./machine.ts";
import { ratiosOf, sharesOf } from "./ratios.ts";
import type { Ratio, Shares } from "./ratios.ts";
import { WARM_UP } from "./row.ts";
import { median, summarize } from "../core/statistics.ts";
import type { Summary } from "../core/statistics.ts";
import type { Measurements, RowTiming, SceneSize, ScenePassTiming } from "./suite.ts";
import { digits, formatTable, percent } from "./table.ts";
import type { Column } from "./table.ts";
import { STEP_PARTS } from "./whole-step.ts";

export interface BenchFacts {
  readonly machine: MachineFacts;
  readonly model: {
    readonly name: string;
    readonly provider: string;
    /** Of the wasm provider. */
    readonly threads?: number;
  };
  readonly method: string;
  /** UNet evaluations in a step of this method. */
  readonly predictions: number;
  readonly repeat: number;
  readonly measured: Measurements;
}

type Line = RowTiming & Summary & { readonly facts: SceneSize | undefined; readonly size: number };

const TIMES: readonly Column<Summary>[] = [
  { title: "median ms", align: "right", text: ({ median }) => digits(median) },
  { title: "p10 – p90", align: "right", text: ({ p10, p90 }) => `${digits(p10)} – ${digits(p90)}` },
];

const fact = (title: string, name: "splats" | "visible" | "pairs"): Column<Line> => ({
  title,
  align: "right",
  text: ({ facts }) => (facts ? number(facts[name]) : ""),
});

const ROWS: readonly Column<Line>[] = [
  { title: "what", align: "left", text: ({ row }) => row },
  { title: "scene", align: "left", text: ({ scene }) => scene ?? "" },
  ...TIMES,
  { title: "first", align: "right", text: ({ first }) => digits(first) },
  fact("splats", "splats"),
  fact("visible", "visible"),
  fact("pairs", "pairs"),
  { title: "image", align: "right", text: ({ size }) => `${size} × ${size}` },
];

/** A pass on all scenes. */
type PassLine = readonly ScenePassTiming[];

const passColumns = (scenes: readonly SceneSize[]): readonly Column<PassLine>[] => [
  { title: "part of", align: "left", text: ([first]) => first!.row },
  { title: "pass", align: "left", text: ([first]) => first!.pass },
  ...scenes.map(({ name }): Column<PassLine> => ({
    title: name,
    align: "right",
    text(line) {
      const timing = line.find(({ scene }) => scene === name);
      return timing ? digits(median(timing.samples)) : "";
    },
  })),
];

function passLines(passes: readonly ScenePassTiming[]): readonly PassLine[] {
  const lines = new Map<string, ScenePassTiming[]>();
  for (const timing of passes) {
    const key = `${timing.row}: ${timing.pass}`;
    lines.set(key, [...(lines.get(key) ?? []), timing]);
  }
  return [...lines.values()];
}

const SHARES: readonly Column<Shares>[] = [
  { title: "of", align: "left", text: ({ row }) => row },
  { title: "scene", align: "left", text: ({ scene }) => scene ?? "" },
  ...[...STEP_PARTS, "rest"].map((part): Column<Shares> => ({
    title: part,
    align: "right",
    text: ({ shares }) => percent(shares[part] ?? 0),
  })),
];

const RATIOS: readonly Column<Ratio>[] = [
  { title: "ratio of medians", align: "left", text: ({ name }) => name },
  { title: "scene", align: "left", text: ({ scene }) => scene ?? "" },
  { title: "", align: "right", text: ({ value }) => digits(value) },
];

export function reportText(facts: BenchFacts): string {
  const { measured } = facts;
  const { rows, scenes, passes, size } = measured;
  const lines = rows.map((row) => ({
    ...row,
    ...summarize(row.samples),
    facts: scenes.find(({ name }) => name === row.scene),
    size,
  }));
  return [
    headerText(facts),
    section("", ROWS, lines),
    section("Passes of the rasterizer by the GPU's clock, median ms", passColumns(scenes), passLines(passes)),
    section("Shares of the whole step, medians over its calls", SHARES, sharesOf(rows)),
    section("", RATIOS, ratiosOf(rows)),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function section<T>(title: string, columns: readonly Column<T>[], rows: readonly T[]): string {
  if (rows.length === 0) return "";
  return [title, formatTable(columns, rows)].filter(Boolean).join("\n");
}

function headerText({ machine, model, method, predictions, repeat }: BenchFacts): string {
  const { adapter, cpu, cores, node, platform } = machine;
  const software = adapter.isSoftware ? " (software: times here say nothing about a GPU)" : "";
  const threads = model.threads ? `, ${model.threads} threads` : "";
  return [
    `adapter  ${adapter.name}${software}`,
    `model    ${model.name} on ${model.provider}${threads}; ${method}, ${predictions} predictions a step`,
    `machine  ${cpu}, ${cores} cores; ${platform}, Node ${node}`,
    `timed    ${repeat} calls after warming up; “first” has shaders compiled and networks loaded`,
  ].join("\n");
}

/** All facts and every sample; times in milliseconds. */
export function reportJson(facts: BenchFacts): string {
  const { measured, ...rest } = facts;
  const { rows, passes, scenes, size } = measured;
  const summed = <T extends { readonly samples: readonly number[] }>({ samples, ...row }: T) => ({
    ...row,
    ...summarize(samples),
    samples,
  });
  const report = {
    ...rest,
    warmUp: WARM_UP,
    unit: "ms",
    image: { width: size, height: size },
    scenes,
    rows: rows.map(summed),
    passes: passes.map(summed),
    ratios: ratiosOf(rows),
    shares: sharesOf(rows),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
