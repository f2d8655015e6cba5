/** Compares a vector-Jacobian product with central finite differences. Tests only. */
import type { Rng } from "../rng.ts";

/** Named flat arrays: the differentiable part of an input, an output, or a cotangent of either. */
export type Fields = Readonly<Record<string, Float64Array>>;

export interface VjpCheck {
  readonly forward: (x: Fields) => Fields | Promise<Fields>;
  readonly vjp: (x: Fields, v: Fields) => Fields | Promise<Fields>;
  readonly x: Fields;
  readonly rng: Rng;
  /** Cotangent of the output; standard normal if absent. Zero it where the output jumps. */
  readonly v?: Fields;
  /** Random directions tried per field. */
  readonly directions?: number;
  /** Single elements tried per field, drawn at random. */
  readonly lanes?: number;
  readonly step?: number;
  readonly relativeTolerance?: number;
  readonly absoluteTolerance?: number;
}

export interface LaneResult {
  /** e.g. "means[4]" or "sh, direction 2" */
  readonly lane: string;
  readonly predicted: number;
  readonly measured: number;
  /** |predicted − measured| over what is tolerated; above 1 fails. */
  readonly excess: number;
}

/** All lanes that were tried, worst first. Expect `failures(result)` to be empty. */
export async function checkVjp(check: VjpCheck): Promise<LaneResult[]> {
  const { x, rng, directions = 4, lanes = 16, step = 1e-5 } = check;
  const v = check.v ?? normalLike(await check.forward(x), rng);
  const gradient = await check.vjp(x, v);
  const results: LaneResult[] = [];
  for (const [field, values] of Object.entries(x)) {
    for (const { lane, direction } of probes(field, values.length, { directions, lanes, rng })) {
      const along = async (distance: number): Promise<number> => {
        const moved = values.map((value, i) => value + distance * direction[i]!);
        return dot(await check.forward({ ...x, [field]: moved }), v);
      };
      const measured = ((await along(step)) - (await along(-step))) / (2 * step);
      const predicted = dot({ [field]: gradient[field]! }, { [field]: direction });
      results.push({ lane, predicted, measured, excess: excess(predicted, measured, check) });
    }
  }
  return results.sort((a, b) => b.excess - a.excess);
}

/** The lanes that disagree, as lines to read. */
export const failures = (results: readonly LaneResult[]): string[] =>
  results
    .filter(({ excess }) => !(excess <= 1))
    .map(({ lane, predicted, measured }) => `${lane}: vjp ${predicted}, finite difference ${measured}`);

function excess(predicted: number, measured: number, check: VjpCheck): number {
  const { relativeTolerance = 1e-6, absoluteTolerance = 1e-6 } = check;
  const tolerated = absoluteTolerance + relativeTolerance * (Math.abs(predicted) + Math.abs(measured));
  const value = Math.abs(predicted - measured) / tolerated;
  return Number.isNaN(value) ? Infinity : value;
}

function probes(
  field: string,
  length: number,
  { directions, lanes, rng }: { directions: number; lanes: number; rng: Rng },
): { lane: string; direction: Float64Array }[] {
  const random = Array.from({ length: directions }, (_, d) => ({
    lane: `${field}, direction ${d}`,
    direction: Float64Array.from({ length }, () => rng.normal()),
  }));
  const picked = Array.from({ length: Math.min(lanes, length) }, (_, k) =>
    lanes >= length ? k : rng.int(length),
  );
  const single = picked.map((lane) => ({
    lane: `${field}[${lane}]`,
    direction: Float64Array.from({ length }, (_, i) => (i === lane ? 1 : 0)),
  }));
  return [...random, ...single];
}

export const normalLike = (fields: Fields, rng: Rng): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, values]) => [key, values.map(() => rng.normal())]));

const dot = (a: Fields, b: Fields): number =>
  Object.entries(a).reduce(
    (sum, [key, values]) => sum + values.reduce((part, value, i) => part + value * b[key]![i]!, 0),
    0,
  );
