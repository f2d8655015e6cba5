/** The whole rasterizer on the CPU, float64 or float32: the twin that the GPU is tested against. */
import type { Camera, Vec3 } from "../camera/camera.ts";
import type { FloatArray } from "../core/tensor.ts";
import { project, projectVjp, type ProjectedSplats, type ReferenceSplats } from "./project.reference.ts";
import { rasterize, rasterizeVjp, type ReferenceImages } from "./rasterize.reference.ts";

export interface ReferenceInput<A extends FloatArray> {
  readonly splats: ReferenceSplats<A>;
  readonly camera: Camera;
  readonly background: Vec3;
  readonly antialias: boolean;
  readonly shDegree?: number;
}

export function render<A extends FloatArray>(
  input: ReferenceInput<A>,
): { out: ReferenceImages<A>; saved: ProjectedSplats<A> } {
  const saved = project(input.splats, input);
  return { out: rasterize(saved, { ...input.camera, background: input.background }), saved };
}

export function renderVjp<A extends FloatArray>(
  input: ReferenceInput<A>,
  saved: ProjectedSplats<A>,
  v: ReferenceImages<A>,
): ReferenceSplats<A> {
  const vProjected = rasterizeVjp(saved, { ...input.camera, background: input.background }, v);
  return projectVjp(input.splats, input, saved, vProjected);
}
