/**
 * The whole chain at once: what the encoder's and the rasterizer's backward passes predict for a change of the
 * splats, against what a rendering and an encoding of the changed splats show.
 */
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Camera } from "../camera/camera.ts";
import { pinhole } from "../camera/intrinsics.ts";
import { orbitPose } from "../camera/orbit.ts";
import { createRng } from "../core/rng.ts";
import { tensor } from "../core/tensor.ts";
import { diskFolder } from "../diffusion/folder-source.node.ts";
import { loadPipeline } from "../diffusion/pipeline.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import { gpuTest } from "../gpu/testing.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { ATTRIBUTES, createSplats, type Attribute, type Splats } from "../scene/attributes.ts";
import { downloadSplats, uploadSplats, writeSplats } from "../scene/mirror.ts";
import { copySplats } from "../scene/splats.ts";

useNodeRuntime();
const SIZE = 128; // the only one this encoder takes
const COUNT = 24;

/**
 * Splats so large that none falls below 1/255 inside the picture, and so faint that the last still shows: finite
 * differences then meet no threshold, across which the picture jumps and a derivative does not.
 */
function softScene(): Splats {
  const rng = createRng("chain");
  const splats = createSplats(COUNT, 1);
  for (let i = 0; i < COUNT; i++) {
    for (let k = 0; k < 3; k++) {
      splats.means[3 * i + k] = 0.4 * rng.normal();
      splats.logScales[3 * i + k] = Math.log(1.6) + 0.2 * rng.uniform();
    }
    for (let k = 0; k < 4; k++) splats.quaternions[4 * i + k] = rng.normal();
    splats.opacityLogits[i] = -1.4 + 0.2 * rng.normal();
    for (let k = 0; k < 12; k++) splats.sh[12 * i + k] = (k < 3 ? 0.6 : 0.15) * rng.normal();
  }
  return splats;
}

const camera: Camera = {
  ...pinhole(SIZE, SIZE, 0.8),
  near: 0.01,
  worldToCamera: orbitPose({ target: [0, 0, 0], azimuth: 0.4, elevation: 0.3, distance: 3.5 }, [0, -1, 0]),
};

/** Steps that are small against each attribute's scale and large against float32's rounding. */
const STEPS: Record<Attribute, number> = {
  means: 2e-3,
  quaternions: 4e-3,
  logScales: 4e-3,
  opacityLogits: 1e-2,
  sh: 1e-2,
};

describe("codec.vjp after raster.vjp", () => {
  gpuTest("predicts how a scalar of the latent changes with every attribute", async ({ gpu }) => {
    const pipeline = await loadPipeline(diskFolder(join(import.meta.dirname, "../../models/mini")), { gpu });
    const { codec } = pipeline;
    const rasterizer = new Rasterizer(gpu);
    const splats = softScene();
    const buffers = uploadSplats(gpu, splats);
    const input = { splats: buffers, camera, background: [0.2, 0.4, 0.7], antialias: false } as const;
    const rng = createRng("direction");

    const shape = [codec.latentChannels, SIZE / codec.downscale, SIZE / codec.downscale];
    const weights = tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => rng.normal()),
      shape,
    );
    const scalar = async (at: Splats): Promise<number> => {
      writeSplats(gpu, buffers, at);
      const { out } = await codec.forward((await rasterizer.renderComplete(input)).out.image);
      return out.data.reduce((sum, value, i) => sum + value * weights.data[i]!, 0);
    };

    const { out, saved } = await rasterizer.renderComplete(input);
    const vImage = await codec.vjp((await codec.forward(out.image)).saved, weights);
    const gradient = await downloadSplats(gpu, await rasterizer.vjp(saved, { image: vImage }));

    for (const attribute of ATTRIBUTES) {
      // Along the gradient itself, where the change is largest and rounding matters least, and along a random line
      // that leans towards it.
      const g = gradient[attribute];
      const rms = Math.sqrt(g.reduce((sum, x) => sum + x * x, 0) / g.length);
      expect(rms, attribute).toBeGreaterThan(0);
      const directions = [g.map((x) => x / rms), g.map((x) => x / rms + rng.normal())];
      for (const direction of directions) {
        const predicted = g.reduce((sum, x, i) => sum + x * direction[i]!, 0);
        const h = STEPS[attribute];
        const moved = (sign: number): Splats => {
          const copy = copySplats(splats);
          copy[attribute].forEach((x, i) => (copy[attribute][i] = x + sign * h * direction[i]!));
          return copy;
        };
        const measured = ((await scalar(moved(1))) - (await scalar(moved(-1)))) / (2 * h);
        expect(Math.abs(measured - predicted) / Math.abs(predicted), attribute).toBeLessThan(0.01);
      }
    }
    rasterizer.dispose();
    await pipeline.dispose();
  });
});
