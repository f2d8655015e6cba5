import type { Attribute } from "../scene/attributes.ts";

/** Learning rates of one step. SH has two: degree 0, and every band above it. */
export interface LearningRates {
  readonly means: number;
  readonly quaternions: number;
  readonly logScales: number;
  readonly opacityLogits: number;
  readonly sh: { readonly dc: number; readonly rest: number };
}

/** Factors on the base rates, one per attribute; 0 holds an attribute still. */
export type LearningRateScales = Readonly<Record<Attribute, number>>;

/**
 * The rates of 3DGS editing (GaussianEditor's and SSD's code): positions fall log-linearly over the run and are
 * measured in scene extents, the rest is constant.
 */
const BASE = {
  means: { first: 1.6e-4, last: 1.6e-5 },
  quaternions: 1e-3,
  logScales: 5e-3,
  opacityLogits: 5e-2,
  sh: { dc: 1.25e-2, rest: 1.25e-2 / 20 },
} as const;

/**
 * Rates at `progress` through a run (0 at the first step, 1 at the end) of a scene of this extent (scene units, the
 * radius that cameras circle at).
 */
export function learningRates(scales: LearningRateScales, progress: number, extent: number): LearningRates {
  const { first, last } = BASE.means;
  return {
    means: scales.means * extent * first * (last / first) ** progress,
    quaternions: scales.quaternions * BASE.quaternions,
    logScales: scales.logScales * BASE.logScales,
    opacityLogits: scales.opacityLogits * BASE.opacityLogits,
    sh: { dc: scales.sh * BASE.sh.dc, rest: scales.sh * BASE.sh.rest },
  };
}
