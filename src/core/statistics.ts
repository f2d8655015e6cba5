import { assert } from "./assert.ts";

/** The middle of repeated measurements and what most of them lie between. */
export interface Summary {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
}

/** Linear between order statistics (Hyndman & Fan 1996, definition 7); `q` in [0, 1]. */
export function quantile(values: readonly number[], q: number): number {
  assert(values.length > 0, "quantile: no values");
  const sorted = [...values].sort((a, b) => a - b);
  const position = q * (sorted.length - 1);
  const low = Math.floor(position);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (position - low) * (sorted[high]! - sorted[low]!);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const summarize = (values: readonly number[]): Summary => ({
  median: median(values),
  p10: quantile(values, 0.1),
  p90: quantile(values, 0.9),
});
