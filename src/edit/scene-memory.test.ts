import { expect, vi } from "vitest";
import { createRng } from "../core/rng.ts";
import type { Gpu } from "../gpu/device.ts";
import { gpuTest } from "../gpu/testing.ts";
import { GradientSum } from "../optim/accumulate.ts";
import { Adam } from "../optim/adam.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { testCamera } from "../raster/testing/scenes.ts";
import { snapshotSplats, uploadSplats } from "../scene/mirror.ts";
import { pointScene, shapes } from "../scene/testing/point-scene.ts";
import { withShDegree } from "../scene/splats.ts";
import { sceneMemory } from "./scene-memory.ts";

/** Hears of every buffer that is made; returns what they take by now. */
function watchBuffers({ device }: Gpu): () => number {
  let bytes = 0;
  const make = device.createBuffer.bind(device);
  vi.spyOn(device, "createBuffer").mockImplementation((descriptor) => {
    bytes += descriptor.size;
    return make(descriptor);
  });
  return () => bytes;
}

gpuTest.for([0, 3] as const)(
  "is about what showing and editing takes, at SH %i",
  async (degree, { ownGpu }) => {
    const taken = watchBuffers(ownGpu);
    const splats = withShDegree(
      pointScene(shapes.ball(createRng("ball"), 100_000, [0, 0, 4], 1), 0.004),
      degree,
    );
    const { shown, edited } = sceneMemory(splats);
    const buffers = uploadSplats(ownGpu, splats);
    const input = {
      splats: buffers,
      camera: testCamera(64, 48),
      background: [0, 0, 0],
      antialias: false,
    } as const;
    await new Rasterizer(ownGpu).renderComplete(input);
    expect(taken() / shown).toBeGreaterThan(0.85);
    expect(taken() / shown).toBeLessThan(1.15);

    snapshotSplats(ownGpu, buffers);
    new Adam(ownGpu, buffers);
    new GradientSum(ownGpu, buffers);
    const rasterizer = new Rasterizer(ownGpu);
    const { out, saved } = await rasterizer.renderComplete(input);
    await rasterizer.vjp(saved, { image: out.image });
    expect(taken() / edited).toBeGreaterThan(0.85);
    expect(taken() / edited).toBeLessThan(1.15);
  },
);
