import type { Camera, Vec3 } from "../camera/camera.ts";
import type { RasterTape, Rasterizer } from "../raster/rasterizer.ts";
import type { RenderOutput } from "../raster/types.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";

/** Draws splats from one of a run's views, completely. Valid until the rasterizer draws again. */
export type ViewRenderer = (
  splats: SplatBuffers,
  view: number,
) => Promise<{ readonly out: RenderOutput; readonly saved: RasterTape }>;

export function createViewRenderer(
  rasterizer: Rasterizer,
  cameras: readonly Camera[],
  background: Vec3,
  antialias: boolean,
): ViewRenderer {
  return (splats, view) =>
    rasterizer.renderComplete({ splats, camera: cameras[view]!, background, antialias });
}
