/**
 * How many samples one call of a network evaluates. A session on WebGPU is made for one number of them, so another
 * number is a loading of the network: calls keep theirs and are filled up, until that has cost as much as a loading.
 */

/** In samples: what a call costs beside its own, and a loading of the network. */
const CALL = 0.5;
const LOADING = 32;

const costOf = (rows: number, size: number): number => Math.ceil(rows / size) * (size + CALL);

/** The cheapest size, of at most `limit` samples, for calls that evaluate so many rows. */
export function bestSize(rows: number, limit: number): number {
  let best = 1;
  for (let size = 2; size <= Math.min(rows, limit); size++) {
    if (costOf(rows, size) <= costOf(rows, best)) best = size;
  }
  return best;
}

export interface CallLimits {
  /** The most samples in a call. */
  readonly batch: number;
  /** The most samples in calls of two sizes together, where memory has room for a session of each; else 0. */
  readonly together: number;
}

export interface CallSize {
  readonly size: number;
  /** Another size than most calls have, for which a session of its own is kept. */
  readonly second: number | undefined;
}

interface Kept {
  readonly size: number;
  /** What it has cost more than the best sizes. */
  readonly lost: number;
}

/**
 * Sizes for the calls of a network whose sessions are made for one each. Rows that are left out because their answers
 * are known never cost more than if they were asked for.
 */
export function createCallSizes({
  batch,
  together,
}: CallLimits): (rows: number, leftOut: number) => CallSize {
  let first: Kept | undefined;
  let second: Kept | undefined;
  const keep = ({ size, lost }: Kept, rows: number): Kept => {
    const best = bestSize(rows, batch);
    const sum = lost + costOf(rows, size) - costOf(rows, best);
    return sum < LOADING ? { size, lost: sum } : { size: best, lost: 0 };
  };
  return (rows, leftOut) => {
    const before = first?.size;
    const all = rows + leftOut;
    first = keep(first ?? { size: bestSize(all, batch), lost: 0 }, all);
    if (first.size !== before) second = undefined;
    const { size } = first;
    if (leftOut > 0 && size + bestSize(rows, batch) <= together) {
      second = keep(second ?? { size, lost: 0 }, rows);
    }
    if (!second || second.size === size) return { size, second: undefined };
    return { size: costOf(rows, second.size) < costOf(rows, size) ? second.size : size, second: second.size };
  };
}
