/** The uniforms of a frame, shaders/raster/view.wgsl. */
import { cameraCenter } from "../camera/pose.ts";
import { assert } from "../core/assert.ts";
import type { UniformValues } from "../gpu/uniforms.ts";
import { shCoefficients, type ShDegree } from "../scene/attributes.ts";
import type { FramePlan } from "./plan.ts";
import { jacobianLimits } from "./project.reference.ts";
import type { RenderInput } from "./types.ts";

export function viewUniforms(input: RenderInput, plan: FramePlan): UniformValues {
  const { camera, splats } = input;
  const w = camera.worldToCamera;
  assert(w.length === 16, `worldToCamera: got ${w.length} values, expected 16`);
  const limits = jacobianLimits(camera);
  const drawn = Math.max(0, Math.min(input.shDegree ?? splats.shDegree, splats.shDegree)) as ShDegree;
  return {
    camera_x: w.slice(0, 4),
    camera_y: w.slice(4, 8),
    camera_z: w.slice(8, 12),
    centre: cameraCenter(w),
    near: camera.near,
    focal: [camera.fx, camera.fy],
    principal: [camera.cx, camera.cy],
    slope_min: [limits.x[0], limits.y[0]],
    slope_max: [limits.x[1], limits.y[1]],
    background: input.background,
    antialias: input.antialias ? 1 : 0,
    image_size: [plan.width, plan.height],
    tiles: plan.tiles,
    count: plan.count,
    max_pairs: plan.maxPairs,
    sh_stored: shCoefficients(splats.shDegree),
    sh_drawn: shCoefficients(drawn),
  };
}
