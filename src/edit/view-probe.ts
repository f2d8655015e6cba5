import type { Differentiable } from "../core/differentiable.ts";
import type { Gpu } from "../gpu/device.ts";
import { readFloats } from "../gpu/readback.ts";
import type { RenderInput, RenderOutput } from "../raster/types.ts";
import type { ViewProbe } from "./views.ts";

/** Looks at splats through the rasterizer. Colours play no part, so they are not evaluated beyond degree 0. */
export function rasterProbe(
  gpu: Gpu,
  rasterizer: Pick<Differentiable<RenderInput, RenderOutput, unknown>, "forward">,
  scene: Pick<RenderInput, "splats" | "antialias">,
): ViewProbe {
  return async (camera) => {
    const { out } = await rasterizer.forward({ ...scene, camera, background: [0, 0, 0], shDegree: 0 });
    const pixels = camera.width * camera.height;
    const [alpha, depth] = await Promise.all(
      [out.alpha, out.depth].map(({ buffer }) => readFloats(gpu, buffer, pixels)),
    );
    return { alpha: alpha!, depth: depth! };
  };
}
