/** Inputs at the edge of what a rasterizer is given, all compared with the float64 reference. */
import { describe, expect } from "vitest";
import { createRng } from "../core/rng.ts";
import type { Gpu } from "../gpu/device.ts";
import { gpuTest } from "../gpu/testing.ts";
import { ATTRIBUTES } from "../scene/attributes.ts";
import type { ReferenceInput } from "./rasterizer.reference.ts";
import { Rasterizer } from "./rasterizer.ts";
import { compareWithReference, type Agreement, type Tolerances } from "./testing/agreement.ts";
import { plainCamera, randomScene, sceneOf, testCamera, type SplatValues } from "./testing/scenes.ts";

const PLAIN = { background: [0.1, 0.4, 0.7], antialias: false } as const;

async function agree(
  gpu: Gpu,
  input: Pick<ReferenceInput<Float64Array>, "splats" | "camera"> & Partial<ReferenceInput<Float64Array>>,
  tolerances?: Tolerances,
): Promise<Agreement> {
  const rasterizer = new Rasterizer(gpu);
  const agreement = await compareWithReference(
    gpu,
    rasterizer,
    { ...PLAIN, ...input },
    createRng("edges"),
    tolerances,
  );
  rasterizer.dispose();
  expect(agreement.failures).toEqual([]);
  expect(agreement.fragileShare).toBeLessThan(0.05);
  return agreement;
}

const logit = (p: number): number => Math.log(p / (1 - p));
const isFinite = (values: Float32Array): boolean => values.every(Number.isFinite);

describe("places", () => {
  const small = { logScale: [-5, -4, -3.5], opacityLogit: 2 };
  const centers: readonly (readonly [string, readonly [number, number]])[] = [
    ["a tile's corner", [16, 16]],
    ["the last pixel centre of a tile", [15.5, 15.5]],
    ["the first pixel centre of a tile", [16.5, 16.5]],
    ["a tile's left edge", [32, 20]],
    ["the line between pixel centres of two tiles", [31.75, 32.25]],
    ["the image's corner", [0, 0]],
    ["just outside the image", [-1, 48.5]],
  ];
  gpuTest.for(centers)("a small splat on %s", async ([, center], { gpu }) => {
    const { pictures } = await agree(gpu, { splats: sceneOf([small]), camera: plainCamera(48, 48, center) });
    expect(Math.max(...pictures.alpha)).toBeGreaterThan(0.01);
  });

  gpuTest("behind the camera, at the near plane and beside the picture", async ({ gpu }) => {
    const places = [-1, -0.001, 0, 0.0099, 0.0101, 1].map((z): SplatValues => ({ mean: [0, 0, z] }));
    const beside = [-3, 3, 100].map((x): SplatValues => ({ mean: [x, 0.1, 1] }));
    await agree(gpu, { splats: sceneOf([...places, ...beside]), camera: plainCamera(33, 17) });
  });
});

describe("sizes of the picture", () => {
  const sizes: readonly (readonly [number, number])[] = [
    [1, 1],
    [16, 16],
    [17, 1],
    [1, 33],
    [31, 47],
    [50, 19],
  ];
  gpuTest.for(sizes)("%i × %i", async ([width, height], { gpu }) => {
    const splats = randomScene(createRng("sizes"), { count: 30 });
    const camera = { ...testCamera(width, height), fx: 40, fy: 40 };
    await agree(gpu, { splats, camera });
  });
});

describe("numbers of splats", () => {
  gpuTest("none shows the background", async ({ gpu }) => {
    const { pictures } = await agree(gpu, { splats: sceneOf([]), camera: plainCamera(20, 20) });
    expect(pictures.image[0]).toBeCloseTo(0.1, 6);
    expect(pictures.alpha.every((value) => value === 0)).toBe(true);
  });

  gpuTest("all culled shows the background, and gives no gradient", async ({ gpu }) => {
    const splats = sceneOf([{ mean: [0, 0, -2] }, { opacityLogit: -20 }]);
    const { pictures, gradient } = await agree(gpu, { splats, camera: plainCamera(20, 20) });
    expect(pictures.alpha.every((value) => value === 0)).toBe(true);
    for (const attribute of ATTRIBUTES) expect(gradient[attribute].every((value) => value === 0)).toBe(true);
  });

  gpuTest.for([255, 256, 257])("%i, round a workgroup", async (count, { gpu }) => {
    await agree(gpu, {
      splats: randomScene(createRng(count), { count, logScale: -3, shDegree: 2 }),
      camera: testCamera(40, 30),
    });
  });
});

describe("opacities", () => {
  gpuTest("just above 1/255 draw one pixel, just below none", async ({ gpu }) => {
    const camera = plainCamera(16, 16, [8.5, 8.5]);
    const drawn = async (opacity: number): Promise<number> => {
      const splats = sceneOf([{ opacityLogit: logit(opacity) }]);
      const { pictures } = await agree(gpu, { splats, camera });
      return pictures.alpha.filter((value) => value > 0).length;
    };
    expect(await drawn((1 / 255) * 1.001)).toBe(1);
    expect(await drawn((1 / 255) * 0.999)).toBe(0);
  });

  gpuTest("of a wall that ends every pixel early, and clamped ones", async ({ gpu }) => {
    const wall = Array.from({ length: 40 }, (_, i): SplatValues => ({
      mean: [0.02 * i - 0.4, 0, 1 + 0.05 * i],
      logScale: [0, 0, -3],
      opacityLogit: i % 3 ? 1 : 8,
    }));
    const { pictures } = await agree(gpu, { splats: sceneOf(wall), camera: plainCamera(40, 40) });
    expect(Math.min(...pictures.alpha)).toBeGreaterThan(0.99);
  });
});

describe("shapes", () => {
  gpuTest("one splat that covers all tiles", async ({ gpu }) => {
    await agree(gpu, { splats: sceneOf([{ logScale: [2, 1.8, 2.2] }]), camera: plainCamera(70, 90) });
  });

  gpuTest("needles in every direction", async ({ gpu }) => {
    const rng = createRng("needles");
    const needles = Array.from({ length: 30 }, (): SplatValues => ({
      mean: [rng.range(-0.5, 0.5), rng.range(-0.5, 0.5), rng.range(1.5, 3)],
      quaternion: [rng.normal(), rng.normal(), rng.normal(), rng.normal()],
      logScale: [0, -6, -6],
    }));
    await agree(gpu, { splats: sceneOf(needles), camera: plainCamera(64, 64) });
  });

  gpuTest("scales of e^±20 alone", async ({ gpu }) => {
    const splats = sceneOf([
      { logScale: [20, 19.5, 20.5], opacityLogit: -1 },
      { logScale: [-20, -19.5, -20.5], mean: [0.1, 0, 2] },
    ]);
    const { pictures } = await agree(gpu, { splats, camera: plainCamera(24, 24) });
    expect(Math.min(...pictures.alpha)).toBeGreaterThan(0.2);
  });

  gpuTest("scales of e^±20 mixed: sheets and infinite needles stay finite", async ({ gpu }) => {
    const scales = [
      [20, -20, -20],
      [20, 20, -20],
      [-20, 20, -2],
    ];
    const splats = sceneOf(scales.map((logScale) => ({ logScale, quaternion: [0.9, 0.1, 0.2, 0.3] })));
    const rasterizer = new Rasterizer(gpu);
    const input = { ...PLAIN, splats, camera: plainCamera(24, 24) };
    const { pictures, gradient } = await compareWithReference(gpu, rasterizer, input, createRng("mixed"));
    rasterizer.dispose();
    expect(Object.values(pictures).every(isFinite)).toBe(true);
    expect(Object.values(gradient).every(isFinite)).toBe(true);
  });

  gpuTest("short and long quaternions mean what unit ones do", async ({ gpu }) => {
    const lengths = [1e-4, 1e-15, 1, 1e4, 1e15];
    const splats = sceneOf(
      lengths.map((length, i) => ({
        quaternion: [0.5, -0.1, 0.7, 0.2].map((value) => length * value),
        logScale: [-1, -3, -4],
        mean: [0.1 * i, 0, 2 + 0.1 * i],
      })),
    );
    // The gradient of a short quaternion is as long as it is short, so each is compared by itself.
    const rasterizer = new Rasterizer(gpu);
    const input = { ...PLAIN, splats, camera: plainCamera(32, 32) };
    const { failures } = await compareWithReference(gpu, rasterizer, input, createRng("lengths"));
    rasterizer.dispose();
    expect(failures).toEqual([]);
  });
});

describe("values that are no numbers", () => {
  const broken: readonly (readonly [string, SplatValues])[] = [
    ["a zero quaternion", { quaternion: [0, 0, 0, 0] }],
    ["a NaN in the mean", { mean: [0, NaN, 2] }],
    ["an infinite mean", { mean: [Infinity, 0, 2] }],
    ["an infinite depth", { mean: [0, 0, Infinity] }],
    ["a NaN in the quaternion", { quaternion: [NaN, 0, 0, 1] }],
    ["an infinite quaternion", { quaternion: [Infinity, 0, 0, 1] }],
    ["a NaN log-scale", { logScale: [0, NaN, 0] }],
    ["an infinite log-scale", { logScale: [Infinity, 0, 0] }],
    ["a NaN opacity", { opacityLogit: NaN }],
    ["an opacity of −∞", { opacityLogit: -Infinity }],
    ["a NaN colour", { color: [0.1, NaN, 0.1] }],
    ["an infinite colour", { color: [0.1, Infinity, 0.1] }],
  ];
  gpuTest.for(broken)("%s is not drawn, has no gradient and harms nobody", async ([, values], { gpu }) => {
    const good: SplatValues = { mean: [0.1, 0.1, 2.5], color: [1, 0, 0] };
    const camera = plainCamera(24, 24);
    const { pictures, gradient } = await agree(gpu, { splats: sceneOf([good, values, good]), camera });
    const alone = await agree(gpu, { splats: sceneOf([good, good]), camera });
    expect(pictures).toEqual(alone.pictures);
    for (const attribute of ATTRIBUTES) {
      const width = gradient[attribute].length / 3;
      expect(gradient[attribute].subarray(width, 2 * width).every((value) => value === 0)).toBe(true);
      expect(isFinite(gradient[attribute])).toBe(true);
    }
  });
});

describe("options", () => {
  gpuTest.for([0, 1, 2, 3])("drawing only SH degree %i of three", async (shDegree, { gpu }) => {
    const splats = randomScene(createRng("degrees"), { count: 40, shDegree: 3 });
    await agree(gpu, { splats, camera: testCamera(32, 24), shDegree });
  });

  gpuTest("antialiasing of splats of all sizes", async ({ gpu }) => {
    const rng = createRng("antialias");
    const splats = Array.from({ length: 60 }, (): SplatValues => ({
      mean: [rng.range(-0.5, 0.5), rng.range(-0.5, 0.5), rng.range(1.5, 3)],
      quaternion: [rng.normal(), rng.normal(), rng.normal(), rng.normal()],
      logScale: [rng.range(-6, -1), rng.range(-6, -1), rng.range(-6, -1)],
      opacityLogit: 3,
    }));
    await agree(gpu, { splats: sceneOf(splats), camera: plainCamera(48, 40), antialias: true });
  });
});
