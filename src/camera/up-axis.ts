/**
 * Which way is up in a scene that does not say. Most captures stand on something flat with everything else on one side
 * of it, so the guess is the normal of the plane that holds many splats and has the rest above it. Walls and ceilings
 * are such planes too; where they compete, the conventions of trainers and viewers weigh in.
 */
import { createRng, type Rng } from "../core/rng.ts";
import { focusSphere, trimmed, typicalSize, type PointSample } from "../scene/bounds.ts";
import type { Vec3 } from "./camera.ts";
import { height, planeFit, planeThrough, type Plane } from "./plane-fit.ts";
import { AXES, distance, dominantAxis, dot, scale } from "./vec3.ts";

export interface UpGuess {
  readonly up: Vec3;
  /** 0: only the convention speaks for it; 1: a plane that leaves no doubt. */
  readonly confidence: number;
}

/** COLMAP's and so INRIA's: the y of the first camera points down. */
export const CONVENTIONAL_UP: Vec3 = [0, -1, 0];

const HYPOTHESES = 1000;
/** How many of them are refined and judged. */
const FINALISTS = 24;
const MAX_POINTS = 2500;
const MIN_POINTS = 30;
/** Half the thickness of a plane, in focus radii. */
const THICKNESS = 0.02;
/** A plane with this share of the splats needs no more. */
const AMPLE_SUPPORT = 0.25;
/** A plane has its sides told apart when at least this much more lies on one than on the other. */
const MIN_ONE_SIDED = 0.3;
/** How much of the balance is taken near the middle: capture grounds end in slopes, skies are far. */
const NEAR_SHARE = 0.75;
/**
 * How scenes come: tilted by whatever the first camera was, or straightened by a tool along an axis. `from` and `full`
 * are cosines of the angles to `up` at which a plane begins to count, and counts fully, as lying that way.
 */
const CONVENTIONS: readonly Convention[] = [
  { up: CONVENTIONAL_UP, from: 0.5, full: 0.82, weight: 1 },
  { up: [0, 1, 0], from: 0.9, full: 0.98, weight: 0.8 },
  { up: [0, 0, 1], from: 0.9, full: 0.98, weight: 0.8 },
];
/** What a plane in any other direction keeps of its score: it is likelier a wall. */
const UNCONVENTIONAL = 0.1;
/** A plane must score more than this, or the convention alone decides. */
const CONVENTION_SCORE = 0.1;
/** Angles: a plane this near to a coordinate plane is meant to be it; planes this near are the same. */
const SNAP = Math.cos((5 * Math.PI) / 180);
const SAME = Math.cos((25 * Math.PI) / 180);

interface Convention {
  readonly up: Vec3;
  readonly from: number;
  readonly full: number;
  readonly weight: number;
}
interface Judged {
  readonly up: Vec3;
  readonly score: number;
  readonly confidence: number;
}

/** Guesses from the splats alone. The same splats give the same guess. */
export function guessUp(sample: PointSample): UpGuess {
  const inner = chosenPoints(trimmed(sample));
  const all = chosenPoints(sample);
  if (inner.length < MIN_POINTS) return { up: CONVENTIONAL_UP, confidence: 0 };

  const focus = focusSphere(sample);
  const thickness = THICKNESS * focus.radius + typicalSize(sample);
  const near = all.filter((point) => distance(point, focus.center) < focus.radius);
  const judged = finalists(inner, thickness)
    .map((plane) => {
      const support = onPlane(plane, inner, thickness).length / inner.length;
      const balance =
        NEAR_SHARE * balanceOf(plane, near, thickness) + (1 - NEAR_SHARE) * balanceOf(plane, all, thickness);
      return judge(plane.normal, support, balance);
    })
    .sort((a, b) => b.score - a.score);
  const best = judged[0];
  if (!best || best.score < CONVENTION_SCORE) return { up: CONVENTIONAL_UP, confidence: 0 };
  const rival = judged.find(({ up }) => dot(up, best.up) < SAME);
  const margin = rival ? 1 - rival.score / best.score : 1;
  return { up: snapped(best.up), confidence: best.confidence * Math.sqrt(margin) };
}

/** The planes with the most points of many random ones, fitted to those points. */
function finalists(points: readonly Vec3[], thickness: number): Plane[] {
  const rng = createRng("up axis");
  const pick = (): Vec3 => points[rng.int(points.length)]!;
  const planes = Array.from({ length: HYPOTHESES }, () => planeThrough(pick(), pick(), pick()));
  return planes
    .filter((plane) => plane !== undefined)
    .map((plane) => ({ plane, support: onPlane(plane, points, thickness).length }))
    .sort((a, b) => b.support - a.support)
    .slice(0, FINALISTS)
    .map(({ plane }) => refined(refined(plane, points, thickness), points, thickness));
}

const onPlane = (plane: Plane, points: readonly Vec3[], thickness: number): readonly Vec3[] =>
  points.filter((point) => Math.abs(height(plane, point)) < thickness);

const refined = (plane: Plane, points: readonly Vec3[], thickness: number): Plane =>
  planeFit(onPlane(plane, points, thickness)) ?? plane;

/** 1: everything off the plane is above it; −1: below. */
function balanceOf(plane: Plane, points: readonly Vec3[], thickness: number): number {
  const heights = points.map((point) => height(plane, point)).filter((h) => Math.abs(h) > 2 * thickness);
  return heights.reduce((sum, h) => sum + Math.sign(h), 0) / Math.max(heights.length, 1);
}

/** How good a ground a plane is. */
function judge(normal: Vec3, support: number, balance: number): Judged {
  const up = balance >= 0 ? normal : scale(normal, -1);
  const oneSided = Math.max(0, (Math.abs(balance) - MIN_ONE_SIDED) / (1 - MIN_ONE_SIDED));
  const lies = conventional(up);
  return {
    up,
    score: support * oneSided * lies,
    confidence: Math.min(1, support / AMPLE_SUPPORT) * oneSided * lies,
  };
}

/** How usual it is for a scene to have this way up. */
function conventional(up: Vec3): number {
  const fits = CONVENTIONS.map((convention) => {
    const ramp = (dot(convention.up, up) - convention.from) / (convention.full - convention.from);
    return convention.weight * Math.min(1, Math.max(0, ramp));
  });
  return Math.max(UNCONVENTIONAL, ...fits);
}

function snapped(up: Vec3): Vec3 {
  const axis = dominantAxis(up);
  return Math.abs(up[axis]) > SNAP ? scale(AXES[axis], Math.sign(up[axis])) : up;
}

/** A few of the points, drawn by their weight, so that each counts the same from here on. */
function chosenPoints({ points, weights }: PointSample): Vec3[] {
  const rng: Rng = createRng("chosen points");
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chosen: Vec3[] = [];
  // Systematic sampling: a comb over the cumulative weight, one random offset.
  const step = total / MAX_POINTS;
  let next = rng.uniform() * step;
  let reached = 0;
  weights.forEach((weight, i) => {
    reached += weight;
    if (reached < next) return;
    chosen.push([points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!]);
    while (next <= reached) next += step;
  });
  return chosen;
}
