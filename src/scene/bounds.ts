/**
 * Where a scene is. Splat scenes have skies, backgrounds and floaters far outside of what anybody means by the scene,
 * so every measure here is a weighted quantile, never a maximum.
 */
import { assert } from "../core/assert.ts";
import type { Splats } from "./attributes.ts";

export type Point = readonly [number, number, number];
export interface Box {
  readonly min: Point;
  readonly max: Point;
}
export interface Sphere {
  readonly center: Point;
  readonly radius: number;
}

/** What bounds are taken of. */
export type BoundedSplats = Pick<Splats, "count" | "means" | "opacityLogits" | "logScales">;

/** Splats as weighted points, few enough to sort often. */
export interface PointSample {
  readonly points: Float32Array; // [n, 3]
  /** Opacity. */
  readonly weights: Float32Array; // [n]
  /** Standard deviation along the longest axis. */
  readonly sizes: Float32Array; // [n]
}

const MAX_SAMPLE = 20_000;
/** Points beyond this many median distances from the middle are sky, background or floaters. */
const FAR = 4;
/** Trimming changes the median, so it is repeated. */
const TRIM_ROUNDS = 4;
/** The share of the weight left out at each side of the box. */
const TAIL = 0.01;
/** Cameras look at a sphere around the middle: of whatever is nearer, most of the scene or twice its denser half. */
const FOCUS_SHARE = 0.95;
const FOCUS_MEDIANS = 1.8;
/** Of a scene that is one point. */
const MIN_RADIUS = 1e-6;
/** As a share of how far away it is: what float32 can still tell apart there. */
const RELATIVE_RADIUS = 1e-6;

/**
 * Every k-th splat as a weighted point, only the finite ones. `keep` narrows down to a region's splats. Undefined if
 * none is left.
 */
export function samplePoints(
  splats: BoundedSplats,
  keep?: (splat: number) => boolean,
): PointSample | undefined {
  const { count, means, opacityLogits, logScales } = splats;
  const usable: number[] = [];
  for (let i = 0; i < count; i++) {
    const finite = Number.isFinite(means[3 * i]! + means[3 * i + 1]! + means[3 * i + 2]!);
    // A logit may be infinite: of a splat that is wholly opaque, or not there at all.
    if (finite && opacityLogits[i]! > -Infinity && (keep?.(i) ?? true)) usable.push(i);
  }
  const stride = Math.max(1, Math.ceil(usable.length / MAX_SAMPLE));
  const chosen = usable.filter((_, k) => k % stride === 0);
  if (chosen.length === 0) return undefined;
  const sigma = (i: number): number =>
    Math.exp(Math.max(logScales[3 * i]!, logScales[3 * i + 1]!, logScales[3 * i + 2]!));
  return {
    points: Float32Array.from(chosen.flatMap((i) => [means[3 * i]!, means[3 * i + 1]!, means[3 * i + 2]!])),
    weights: Float32Array.from(chosen, (i) => 1 / (1 + Math.exp(-opacityLogits[i]!))),
    sizes: Float32Array.from(chosen, (i) => (Number.isFinite(sigma(i)) ? sigma(i) : 0)),
  };
}

/** The same points with what lies far outside of the scene at weight 0. */
export function trimmed(sample: PointSample): PointSample {
  let { weights } = sample;
  for (let round = 0; round < TRIM_ROUNDS; round++) {
    const current = { ...sample, weights };
    const distances = distancesFrom(current, center(current));
    const far = FAR * weightedQuantile(distances, weights, 0.5);
    weights = sample.weights.map((weight, i) => (distances[i]! <= far ? weight : 0));
  }
  return { ...sample, weights };
}

/** The box of the scene without its outermost 1 % on every side. */
export function robustBox(sample: PointSample): Box {
  const { points, weights } = trimmed(sample);
  const pad = typicalSize(sample);
  const bounds = (share: number, sign: number): Point =>
    point((axis) => weightedQuantile(column(points, axis), weights, share) + sign * pad);
  return { min: bounds(TAIL, -1), max: bounds(1 - TAIL, 1) };
}

/**
 * What cameras should look at. A lone object fits into it; of an object in its surroundings it holds the denser
 * middle.
 */
export function focusSphere(sample: PointSample): Sphere {
  const inner = trimmed(sample);
  const middle = center(inner);
  const distances = distancesFrom(inner, middle);
  const quantile = (share: number): number => weightedQuantile(distances, inner.weights, share);
  const radius = Math.min(quantile(FOCUS_SHARE), FOCUS_MEDIANS * quantile(0.5));
  const smallest = Math.max(MIN_RADIUS, RELATIVE_RADIUS * Math.hypot(...middle));
  return { center: middle, radius: Math.max(radius + typicalSize(sample), smallest) };
}

/** The sphere around a box. */
export function boxSphere({ min, max }: Box): Sphere {
  return {
    center: point((axis) => (min[axis]! + max[axis]!) / 2),
    radius: Math.hypot(...point((axis) => (max[axis]! - min[axis]!) / 2)),
  };
}

/** The weighted median of each coordinate. */
export const center = ({ points, weights }: PointSample): Point =>
  point((axis) => weightedQuantile(column(points, axis), weights, 0.5));

/** Half of the weight is on splats at most this large. */
export const typicalSize = ({ sizes, weights }: PointSample): number => weightedQuantile(sizes, weights, 0.5);

/** [n] distances from a place. */
export function distancesFrom({ points, weights }: PointSample, [x, y, z]: Point): Float32Array {
  return weights.map((_, i) =>
    Math.hypot(points[3 * i]! - x, points[3 * i + 1]! - y, points[3 * i + 2]! - z),
  );
}

/** The smallest value that at least `share` of the total weight does not exceed. */
export function weightedQuantile(values: Float32Array, weights: Float32Array, share: number): number {
  const order = Uint32Array.from(values.keys()).filter((i) => weights[i]! > 0);
  assert(order.length > 0, `weightedQuantile: none of ${weights.length} weights is above 0`);
  order.sort((a, b) => values[a]! - values[b]!);
  const total = order.reduce((sum, i) => sum + weights[i]!, 0);
  let reached = 0;
  const last = order[order.length - 1]!;
  return values[order.find((i) => (reached += weights[i]!) >= share * total) ?? last]!;
}

const column = (points: Float32Array, axis: number): Float32Array =>
  Float32Array.from({ length: points.length / 3 }, (_, i) => points[3 * i + axis]!);

const point = (coordinate: (axis: 0 | 1 | 2) => number): Point => [
  coordinate(0),
  coordinate(1),
  coordinate(2),
];
