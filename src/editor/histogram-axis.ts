import type { Histogram } from "../worker/protocol.ts";

type Axis = Pick<Histogram, "min" | "max" | "log">;

/** The value at a share of the axis' length, from 0 at its left end to 1. */
export function valueAt({ min, max, log }: Axis, share: number): number {
  const at = Math.min(1, Math.max(0, share));
  return log ? min * (max / min) ** at : min + at * (max - min);
}

/** Where a value lies on the axis, 0 to 1. */
export function shareOf({ min, max, log }: Axis, value: number): number {
  const [low, high, at] = log ? [Math.log(min), Math.log(max), Math.log(value)] : [min, max, value];
  return high! > low! ? Math.min(1, Math.max(0, (at! - low!) / (high! - low!))) : 0;
}
