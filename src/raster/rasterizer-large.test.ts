import { expect } from "vitest";
import { createRng } from "../core/rng.ts";
import { gpuTest } from "../gpu/testing.ts";
import { ATTRIBUTES } from "../scene/attributes.ts";
import { project } from "./project.reference.ts";
import { rasterize } from "./rasterize.reference.ts";
import { Rasterizer } from "./rasterizer.ts";
import { readImages, readSplats, uploadImages, uploadReference } from "./testing/gpu.ts";
import { randomScene, testCamera } from "./testing/scenes.ts";

const COUNT = 100_000;
const SIZE = 512;
/** Squares of the picture that the reference draws too: drawing all of it would take it minutes. */
const PATCH = 4;
const PATCHES = [
  [250, 250],
  [131, 300],
  [400, 97],
  [255, 383],
] as const;

gpuTest("100,000 splats at 512 × 512, forward and backward", { timeout: 600_000 }, async ({ gpu }) => {
  const scene = randomScene(createRng("large"), { count: COUNT, shDegree: 0, logScale: -4 });
  const camera = testCamera(SIZE, SIZE);
  const background = [0.2, 0.3, 0.4] as const;
  const rasterizer = new Rasterizer(gpu);
  const splats = uploadReference(gpu, scene);
  const { out, saved } = await rasterizer.renderComplete({ splats, camera, background, antialias: false });
  const { visible, pairs } = await saved.stats;
  expect(visible).toBeGreaterThan(0.9 * COUNT);
  expect(pairs).toBeGreaterThan(2 * visible);

  const pictures = await readImages(gpu, out);
  const projected = project(scene, { camera, antialias: false });
  for (const [left, top] of PATCHES) {
    const meansPx = projected.meansPx.map((value, k) => value - (k % 2 ? top : left));
    const patch = rasterize({ ...projected, meansPx }, { width: PATCH, height: PATCH, background });
    patch.image.forEach((expected, i) => {
      const [channel, y, x] = [Math.floor(i / PATCH ** 2), Math.floor(i / PATCH) % PATCH, i % PATCH];
      const actual = pictures.image[(channel! * SIZE + top + y!) * SIZE + left + x!]!;
      // A splat on the 1/255 threshold may be in one and not in the other.
      expect(Math.abs(actual - expected)).toBeLessThan(5e-3);
    });
  }

  const rng = createRng("cotangent");
  const image = Float64Array.from({ length: 3 * SIZE * SIZE }, () => rng.normal());
  const none = new Float64Array(SIZE * SIZE);
  const v = uploadImages(gpu, { image, alpha: none, depth: none }, camera);
  const gradient = await readSplats(gpu, await rasterizer.vjp(saved, { image: v.image }));
  for (const attribute of ATTRIBUTES) {
    expect(gradient[attribute].every(Number.isFinite)).toBe(true);
    expect(gradient[attribute].filter((value) => value !== 0).length).toBeGreaterThan(
      0.3 * gradient[attribute].length,
    );
  }

  // ⟨v, image⟩ = Σ w c · v + constant is linear in the SH coefficients: the sum is the derivative along them, exactly.
  const lit = scene.sh.reduce((sum, value, k) => sum + value * gradient.sh[k]!, 0);
  const dark = { ...scene, sh: scene.sh.map((value) => 0.5 * value) };
  const half = await rasterizer.renderComplete({
    ...{ splats: uploadReference(gpu, dark), camera, background, antialias: false },
  });
  const halfImage = (await readImages(gpu, half.out)).image;
  const change = image.reduce((sum, value, k) => sum + value * (pictures.image[k]! - halfImage[k]!), 0);
  expect(Math.abs(change - 0.5 * lit)).toBeLessThan(1e-2 * Math.abs(lit));
  rasterizer.dispose();
});
