/** What the times of one run say about each other. Unlike times, ratios mean something on a busy machine too. */
import { NAMES } from "./names.ts";
import { median } from "../core/statistics.ts";
import type { RowTiming } from "./suite.ts";

export interface Ratio {
  readonly name: string;
  readonly scene?: string;
  /** Of medians, the first of the name over the second. */
  readonly value: number;
}

/** How a row's time divides among its parts: the median of each part's share in a call. */
export interface Shares {
  readonly row: string;
  readonly scene?: string;
  /** In the order in which the parts end; "rest" is what belongs to none. */
  readonly shares: Readonly<Record<string, number>>;
}

const RATIOS: readonly (readonly [name: string, row: string, over: string])[] = [
  ["raster, backward : forward", NAMES.rasterBackward, NAMES.rasterForward],
  ["encoder, exact bridge : forward", NAMES.bridge("exact"), NAMES.encoder],
  ["bridge, exact : decode-residual", NAMES.bridge("exact"), NAMES.bridge("decode-residual")],
  ["step, exact : decode-residual", NAMES.step("exact"), NAMES.step("decode-residual")],
];

/** Those of rows that were both measured, on the same scene or without one. */
export function ratiosOf(rows: readonly RowTiming[]): readonly Ratio[] {
  return RATIOS.flatMap(([name, row, over]) =>
    rows
      .filter((each) => each.row === row)
      .flatMap(({ scene, samples }) => {
        const other = rows.find((each) => each.row === over && each.scene === scene);
        if (!other) return [];
        return [
          { name, ...(scene !== undefined && { scene }), value: median(samples) / median(other.samples) },
        ];
      }),
  );
}

/** Of the rows that keep account of their parts. */
export function sharesOf(rows: readonly RowTiming[]): readonly Shares[] {
  return rows.flatMap(({ row, scene, samples, parts }) => {
    if (!parts) return [];
    const names = Object.keys(parts[0]!);
    const share = (name: string, call: number): number => (parts[call]![name] ?? 0) / samples[call]!;
    const rest = (call: number): number => names.reduce((left, name) => left - share(name, call), 1);
    const medianOver = (of: (call: number) => number): number => median(samples.map((_, call) => of(call)));
    const shares = names.map((name) => [name, medianOver((call) => share(name, call))] as const);
    return [
      {
        row,
        ...(scene !== undefined && { scene }),
        shares: { ...Object.fromEntries(shares), rest: medianOver(rest) },
      },
    ];
  });
}
