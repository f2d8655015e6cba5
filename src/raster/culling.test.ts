import { expect } from "vitest";
import { createRng } from "../core/rng.ts";
import { readBytes } from "../gpu/readback.ts";
import { gpuTest } from "../gpu/testing.ts";
import { project, type ReferenceSplats } from "./project.reference.ts";
import { Rasterizer } from "./rasterizer.ts";
import { uploadReference } from "./testing/gpu.ts";
import { reachableTiles } from "./testing/reachable.ts";
import { randomScene, sceneOf, testCamera, type SplatValues } from "./testing/scenes.ts";

const rng = createRng("culling");
const needle = (): SplatValues => ({
  mean: [rng.normal(), rng.normal(), rng.normal()].map((value) => 0.5 * value),
  quaternion: [rng.normal(), rng.normal(), rng.normal(), rng.normal()],
  logScale: [-0.5, -5, -5],
  opacityLogit: rng.range(-5, 5),
});
const SCENES: readonly (readonly [string, number, ReferenceSplats<Float64Array>])[] = [
  ["a cloud", 3, randomScene(createRng("cloud"), { count: 300, logScale: -2.5, opacityLogit: -2 })],
  ["a cloud from inside", 0.5, randomScene(createRng("inside"), { count: 300, logScale: -2 })],
  ["needles", 3, sceneOf(Array.from({ length: 150 }, needle))],
];

/** What the shader's margin of 0.01 in log₂(alpha) amounts to, and a little for rounding. */
const MARGIN = 0.01 * Math.LN2 + 1e-3;

gpuTest.for(SCENES)(
  "%s: tile lists hold exactly what can be seen, nearest first",
  async ([, distance, scene], { gpu }) => {
    const camera = testCamera(90, 70, distance);
    const rasterizer = new Rasterizer(gpu);
    const input = {
      splats: uploadReference(gpu, scene),
      camera,
      background: [0, 0, 0],
      antialias: false,
    } as const;
    const { saved } = await rasterizer.renderComplete(input);
    const { pairs, visible } = await saved.stats;
    const { buffers, plan } = saved;
    const words = async (buffer: GPUBuffer, count: number): Promise<Uint32Array> =>
      new Uint32Array(await readBytes(gpu, buffer, { byteLength: 4 * count }));
    const entries = await words(buffers.entries, 2 * pairs);
    const ranges = await words(buffers.tile_ranges, 2 * plan.numTiles);
    rasterizer.dispose();

    const projected = project(scene, { camera, antialias: false });
    const { surely, possibly } = reachableTiles(projected, camera, MARGIN);
    const emitted = new Set<number>();
    let listed = 0;
    for (let tile = 0; tile < plan.numTiles; tile++) {
      const [first, end] = [ranges[2 * tile]!, ranges[2 * tile + 1]!];
      const list = Array.from({ length: end - first }, (_, i) => entries[2 * (first + i)]!);
      for (let i = first; i < end; i++) emitted.add(entries[2 * i + 1]!);
      listed += list.length;
      const depths = list.map((splat) => projected.depths[splat]!);
      expect(depths).toEqual([...depths].sort((a, b) => a - b));
      const missing = surely[tile]!.filter((splat) => !list.includes(splat));
      const superfluous = list.filter((splat) => !possibly[tile]!.includes(splat));
      expect({ tile, missing, superfluous }).toEqual({ tile, missing: [], superfluous: [] });
    }
    // Every pair is listed once, and none is padding.
    expect([listed, emitted.size]).toEqual([pairs, pairs]);
    expect(visible).toBe(new Set(surely.flat()).size);
  },
);
