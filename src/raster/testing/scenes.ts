/** Random scenes, for tests and benchmarks. */
import type { Camera } from "../../camera/camera.ts";
import type { Rng } from "../../core/rng.ts";
import { shCoefficients, type ShDegree } from "../../scene/attributes.ts";
import type { ReferenceSplats } from "../project.reference.ts";

export interface SceneOptions {
  readonly count: number;
  readonly shDegree?: ShDegree;
  /** Standard deviation of the centres. */
  readonly extent?: number;
  readonly logScale?: number;
  readonly opacityLogit?: number;
}

/** A normal cloud round the origin; values are exact in float32, so both precisions see the same scene. */
export function randomScene(rng: Rng, options: SceneOptions): ReferenceSplats<Float64Array> {
  const { count, shDegree = 1, extent = 0.5, logScale = -2, opacityLogit = 0 } = options;
  const normal = (width: number, mean: number, deviation: number): Float64Array =>
    Float64Array.from({ length: width * count }, () => Math.fround(mean + deviation * rng.normal()));
  return {
    count,
    shDegree,
    means: normal(3, 0, extent),
    quaternions: normal(4, 0, 1),
    logScales: normal(3, logScale, 0.4),
    opacityLogits: normal(1, opacityLogit, 1),
    sh: normal(3 * shCoefficients(shDegree), 0, 0.3),
  };
}

/** Looks along +z at the origin from `distance`, slightly turned so that no axis is special. */
export function testCamera(width: number, height: number, distance = 3): Camera {
  const angle = 0.3;
  const [c, s] = [Math.fround(Math.cos(angle)), Math.fround(Math.sin(angle))];
  return {
    width,
    height,
    fx: 0.9 * width,
    fy: 0.95 * width,
    cx: width / 2 + 0.75,
    cy: height / 2 - 1.25,
    near: 0.01,
    worldToCamera: [c, 0, s, 0.05, 0, 1, 0, -0.1, -s, 0, c, distance, 0, 0, 0, 1],
  };
}

/** Looks along +z from the origin, with round numbers: what lies at (0, 0, z) appears at (cx, cy). */
export function plainCamera(width: number, height: number, center?: readonly [number, number]): Camera {
  const [cx, cy] = center ?? [width / 2, height / 2];
  const worldToCamera = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return { width, height, fx: 64, fy: 64, cx, cy, near: 0.01, worldToCamera };
}

export interface SplatValues {
  readonly mean?: readonly number[];
  readonly quaternion?: readonly number[];
  readonly logScale?: readonly number[];
  readonly opacityLogit?: number;
  readonly color?: readonly number[];
}

/** Splats one by one, SH degree 0; by default a half opaque egg of about 0.1 at distance 2. */
export function sceneOf(splats: readonly SplatValues[]): ReferenceSplats<Float64Array> {
  const floats = (values: readonly number[]): Float64Array => Float64Array.from(values, Math.fround);
  const egg = [0.08, 0.1, 0.12].map(Math.log);
  return {
    count: splats.length,
    shDegree: 0,
    means: floats(splats.flatMap(({ mean }) => mean ?? [0, 0, 2])),
    quaternions: floats(splats.flatMap(({ quaternion }) => quaternion ?? [0.9, 0.1, 0.2, 0.3])),
    logScales: floats(splats.flatMap(({ logScale }) => logScale ?? egg)),
    opacityLogits: floats(splats.map(({ opacityLogit }) => opacityLogit ?? 0)),
    sh: floats(splats.flatMap(({ color }) => color ?? [0.3, 0.1, -0.4])),
  };
}

/** The same splats in another order: splat `i` of the result is splat `order[i]`. */
export function reorder(
  splats: ReferenceSplats<Float64Array>,
  order: readonly number[],
): ReferenceSplats<Float64Array> {
  const take = (data: Float64Array): Float64Array => {
    const width = data.length / splats.count;
    return Float64Array.from({ length: order.length * width }, (_, k) => {
      return data[order[Math.floor(k / width)]! * width + (k % width)]!;
    });
  };
  return {
    count: order.length,
    shDegree: splats.shDegree,
    means: take(splats.means),
    quaternions: take(splats.quaternions),
    logScales: take(splats.logScales),
    opacityLogits: take(splats.opacityLogits),
    sh: take(splats.sh),
  };
}
