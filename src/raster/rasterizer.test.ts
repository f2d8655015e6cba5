import { describe, expect } from "vitest";
import { gpuTest } from "../gpu/testing.ts";
import { Rasterizer } from "./rasterizer.ts";
import { COTANGENT_SETS, GOLDEN_NAMES, readGolden } from "./testing/golden.ts";
import { gradientFailures, worstDifference } from "./testing/compare.ts";
import { readImages, readSplats, uploadImages, uploadReference } from "./testing/gpu.ts";

describe.each(GOLDEN_NAMES)("golden case %s on the GPU", (name) => {
  const golden = readGolden(name);
  const { camera } = golden.input;
  const pixels = golden.fragile.length;
  const isSteady = (index: number): boolean => !golden.fragile[index % pixels];

  gpuTest("the picture holds", async ({ gpu }) => {
    const rasterizer = new Rasterizer(gpu);
    const input = { ...golden.input, splats: uploadReference(gpu, golden.input.splats) };
    const { out } = await rasterizer.renderComplete(input);
    const { image, alpha, depth } = await readImages(gpu, out);
    expect(worstDifference(image, golden.output.image, isSteady).worst).toBeLessThan(2e-5);
    expect(worstDifference(alpha, golden.output.alpha, isSteady).worst).toBeLessThan(2e-5);
    const relative = depth.map((value, i) => value / Math.max(1e-3, golden.output.depth[i]!));
    const one = golden.output.depth.map((value) => value / Math.max(1e-3, value));
    expect(worstDifference(relative, one, isSteady).worst).toBeLessThan(1e-4);
    rasterizer.dispose();
  });

  gpuTest.for(COTANGENT_SETS)("the gradient of %s holds", async (set, { gpu }) => {
    const rasterizer = new Rasterizer(gpu);
    const input = { ...golden.input, splats: uploadReference(gpu, golden.input.splats) };
    const { saved } = await rasterizer.renderComplete(input);
    const v = uploadImages(gpu, golden.cotangent(set), camera);
    const vSplats = await rasterizer.vjp(saved, set === "image" ? { image: v.image } : v);
    expect(gradientFailures(await readSplats(gpu, vSplats), golden.gradient(set), 1e-4)).toEqual([]);
    rasterizer.dispose();
  });
});

// The layout of threads that the adapter at hand does not use is somebody else's.
gpuTest.for([1, 2, 4] as const)(
  "%i quads per thread draw and differentiate the same",
  async (quads, { gpu }) => {
    const golden = readGolden("many-sh3");
    const rasterizer = new Rasterizer(gpu, { quads });
    const input = { ...golden.input, splats: uploadReference(gpu, golden.input.splats) };
    const { out, saved } = await rasterizer.renderComplete(input);
    const { image } = await readImages(gpu, out);
    const isSteady = (index: number): boolean => !golden.fragile[index % golden.fragile.length];
    expect(worstDifference(image, golden.output.image, isSteady).worst).toBeLessThan(2e-5);
    const set = "image+alpha+depth";
    const v = uploadImages(gpu, golden.cotangent(set), golden.input.camera);
    const gradient = await readSplats(gpu, await rasterizer.vjp(saved, v));
    expect(gradientFailures(gradient, golden.gradient(set), 1e-4)).toEqual([]);
    rasterizer.dispose();
  },
);
