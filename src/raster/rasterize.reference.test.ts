import { describe, expect, test } from "vitest";
import { createRng } from "../core/rng.ts";
import { checkVjp, failures, normalLike, type Fields } from "../core/testing/check-vjp.ts";
import { project, type ProjectedSplats } from "./project.reference.ts";
import {
  ALPHA_MAX,
  depthOrder,
  fragilePixels,
  rasterize,
  rasterizeVjp,
  type ReferenceImages,
} from "./rasterize.reference.ts";
import { randomScene, testCamera } from "./testing/scenes.ts";

const PARTS = ["meansPx", "conics", "opacities", "colors", "depths"] as const;
const OUTPUTS = ["image", "alpha", "depth"] as const;

const pick = <T extends object>(from: T, keys: readonly (keyof T & string)[]): Fields =>
  Object.fromEntries(keys.map((key) => [key, from[key] as Float64Array]));

const CASES = [
  { name: "a thin cloud", count: 20, opacityLogit: -1, logScale: -2 },
  { name: "an opaque pile with clamped alphas and early stops", count: 60, opacityLogit: 5, logScale: -1.5 },
];

describe.each(CASES)("compositing $name", (options) => {
  const camera = testCamera(19, 13);
  const canvas = { ...camera, background: [0.2, 0.5, 0.9] } as const;
  const projected = project(randomScene(createRng("compositing"), options), { camera, antialias: false });
  const at = (x: Fields): ProjectedSplats<Float64Array> => ({ ...projected, ...x });

  test("the vjp agrees with finite differences away from jumps", async () => {
    const fragile = fragilePixels(projected, canvas, 1e-4);
    const v = normalLike(pick(rasterize(projected, canvas), OUTPUTS), createRng("cotangent"));
    for (const output of OUTPUTS) {
      v[output]!.forEach((_, i) => fragile[i % fragile.length] && (v[output]![i] = 0));
    }
    const results = await checkVjp({
      forward: (x) => pick(rasterize(at(x), canvas), OUTPUTS),
      vjp: (x, cotangent) =>
        pick(rasterizeVjp(at(x), canvas, cotangent as unknown as ReferenceImages<Float64Array>), PARTS),
      x: pick(projected, PARTS),
      v,
      rng: createRng("lanes"),
      step: 1e-6,
      relativeTolerance: 1e-5,
      absoluteTolerance: 1e-5,
    });
    expect(failures(results)).toEqual([]);
    expect(fragile.filter(Boolean).length).toBeLessThan(0.2 * fragile.length);
  });
});

test("the opaque pile reaches the clamp and the stop", () => {
  const camera = testCamera(19, 13);
  const projected = project(randomScene(createRng("compositing"), CASES[1]!), { camera, antialias: false });
  expect(projected.opacities.some((opacity) => opacity > ALPHA_MAX)).toBe(true);
  const { alpha } = rasterize(projected, { ...camera, background: [0, 0, 0] });
  expect(alpha.some((value) => value > 0.99)).toBe(true);
  expect(alpha.every((value) => value <= 1 - 1e-4)).toBe(true);
});

test("equal depths are drawn in the order of the file", () => {
  const camera = testCamera(8, 8);
  const projected = project(randomScene(createRng("ties"), { count: 6 }), { camera, antialias: false });
  projected.depths.set([2, 1, 2, 1, 2, 1]);
  expect(Array.from(depthOrder(projected))).toEqual([1, 3, 5, 0, 2, 4]);
});

test("an empty scene shows the background", () => {
  const canvas = { width: 2, height: 1, background: [0.1, 0.2, 0.3] } as const;
  const projected = project(randomScene(createRng(0), { count: 0 }), {
    camera: testCamera(2, 1),
    antialias: false,
  });
  const { image, alpha, depth } = rasterize(projected, canvas);
  expect([Array.from(image), Array.from(alpha), Array.from(depth)]).toEqual([
    [0.1, 0.1, 0.2, 0.2, 0.3, 0.3],
    [0, 0],
    [0, 0],
  ]);
});
