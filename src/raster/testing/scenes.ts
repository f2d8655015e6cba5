/** Small random scenes. Tests only. */
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
