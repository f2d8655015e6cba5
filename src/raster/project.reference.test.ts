import { describe, expect, test } from "vitest";
import { createRng } from "../core/rng.ts";
import { checkVjp, failures, type Fields } from "../core/testing/check-vjp.ts";
import { ATTRIBUTES } from "../scene/attributes.ts";
import {
  jacobianLimits,
  project,
  projectVjp,
  type ProjectedSplats,
  type ReferenceSplats,
} from "./project.reference.ts";
import { randomScene, testCamera } from "./testing/scenes.ts";

const OUTPUTS = ["meansPx", "conics", "opacities", "colors", "depths"] as const;

const pick = <T extends object>(from: T, keys: readonly (keyof T & string)[]): Fields =>
  Object.fromEntries(keys.map((key) => [key, from[key] as Float64Array]));

const CASES = [
  { name: "in front of the camera", distance: 3, extent: 0.5, antialias: false },
  { name: "antialiased, thin and small", distance: 4, extent: 0.5, antialias: true, logScale: -4 },
  { name: "inside the cloud, Jacobian clamped", distance: 0.6, extent: 0.8, antialias: false },
  { name: "inside the cloud, antialiased", distance: 0.6, extent: 0.8, antialias: true },
] as const;

describe.each(CASES)("projection $name", ({ distance, antialias, ...options }) => {
  const scene = randomScene(createRng("projection"), { count: 24, shDegree: 3, ...options });
  const settings = { camera: testCamera(32, 24, distance), antialias };
  const forward = (x: Fields): ProjectedSplats<Float64Array> =>
    project({ ...scene, ...x } as ReferenceSplats<Float64Array>, settings);

  test("the vjp agrees with finite differences", async () => {
    const projected = forward({});
    const results = await checkVjp({
      forward: (x) => pick(forward(x), OUTPUTS),
      vjp: (x, v) => {
        const splats = { ...scene, ...x } as ReferenceSplats<Float64Array>;
        const cotangent = { ...v, visible: projected.visible } as unknown as ProjectedSplats<Float64Array>;
        return pick(projectVjp(splats, settings, projected, cotangent), ATTRIBUTES);
      },
      x: pick(scene, ATTRIBUTES),
      rng: createRng("lanes"),
      lanes: 40,
    });
    expect(failures(results)).toEqual([]);
    expect(projected.visible.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(8);
  });
});

test("the clamped cases do clamp", () => {
  const camera = testCamera(32, 24, 0.6);
  const { means, count } = randomScene(createRng("projection"), { count: 24, shDegree: 3, extent: 0.8 });
  const limits = jacobianLimits(camera);
  const w = camera.worldToCamera;
  const slopes = Array.from({ length: count }, (_, i) => {
    const [x, , z] = [0, 1, 2].map(
      (r) => [0, 1, 2].reduce((sum, k) => sum + w[4 * r + k]! * means[3 * i + k]!, 0) + w[4 * r + 3]!,
    ) as [number, number, number];
    return z > camera.near ? x / z : 0;
  });
  expect(slopes.filter((slope) => slope < limits.x[0] || slope > limits.x[1]).length).toBeGreaterThan(3);
});

test("splats that cannot be projected are left out, and get no gradient", () => {
  const scene = randomScene(createRng("broken"), { count: 5 });
  scene.means.set([0, 0, -10], 0); // behind the camera
  scene.quaternions.fill(0, 4, 8);
  scene.logScales[6] = NaN;
  scene.opacityLogits[3] = NaN;
  const settings = { camera: testCamera(16, 16), antialias: false };
  const projected = project(scene, settings);
  expect(Array.from(projected.visible)).toEqual([0, 0, 0, 0, 1]);
  const v = { ...projected, visible: projected.visible };
  const gradient = projectVjp(scene, settings, projected, v);
  for (const attribute of ATTRIBUTES) {
    const width = gradient[attribute].length / scene.count;
    expect(gradient[attribute].subarray(0, 4 * width).every((value) => value === 0)).toBe(true);
    expect(gradient[attribute].subarray(4 * width).some((value) => value !== 0)).toBe(true);
  }
});

test("in float32 the twin gives the float64 values to float32 precision", () => {
  const scene = randomScene(createRng("precision"), { count: 10 });
  const narrow = Object.fromEntries(
    ATTRIBUTES.map((attribute) => [attribute, Float32Array.from(scene[attribute])]),
  );
  const settings = { camera: testCamera(16, 16), antialias: true };
  const wide = project(scene, settings);
  const out = project({ ...scene, ...narrow } as unknown as ReferenceSplats<Float32Array>, settings);
  for (const key of OUTPUTS) {
    expect(out[key]).toBeInstanceOf(Float32Array);
    out[key].forEach((value, i) => expect(value).toBeCloseTo(wide[key][i]!, 5));
  }
});
