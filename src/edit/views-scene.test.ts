/** Views of real splats, seen through the rasterizer's reference. */
import { expect, test } from "vitest";
import { cameraCenter } from "../camera/pose.ts";
import { viewSamplers } from "../camera/samplers/index.ts";
import { createRng } from "../core/rng.ts";
import { render } from "../raster/rasterizer.reference.ts";
import type { Splats } from "../scene/attributes.ts";
import type { Point } from "../scene/bounds.ts";
import { pointScene, shapes } from "../scene/testing/point-scene.ts";
import { chooseViews, type ViewProbe } from "./views.ts";

const probeOf =
  (splats: Splats): ViewProbe =>
  async (camera) => {
    const { out } = render({ splats, camera, background: [0, 0, 0], antialias: false });
    return { alpha: out.alpha, depth: out.depth };
  };

const rng = createRng("views of splats");
const object = shapes.ball(rng, 120, [0, 0, 0], 0.4);
/** An opaque wall at z = 1, between the object and every camera with z > 1. */
const wall: Point[] = Array.from({ length: 400 }, (_, i) => [
  ((i % 20) - 9.5) * 0.2,
  (Math.floor(i / 20) - 9.5) * 0.2,
  1,
]);
const ground = shapes.ground(rng, 500, -0.4, 2.5);
const SIZE = 0.12;

const request = {
  sampler: viewSamplers.get("orbit"),
  params: { lowest: 5, highest: 30 },
  context: { focus: { center: [0, 0, 0], radius: 0.6 }, up: [0, 1, 0], width: 64, height: 64 } as const,
  count: 8,
  rng: createRng("choose"),
};

test.each([
  ["in the open", object],
  ["on the ground", [...object, ...ground]],
])("an object %s is seen from everywhere", async (_where, points) => {
  const { cameras, warnings } = await chooseViews(request, probeOf(pointScene(points, SIZE)));
  expect(cameras).toHaveLength(8);
  expect(warnings).toEqual([]);
});

test("an object before a wall is not seen through the wall", async () => {
  const { cameras } = await chooseViews(request, probeOf(pointScene([...object, ...wall], SIZE)));
  const depths = cameras.map(({ worldToCamera }) => cameraCenter(worldToCamera)[2]);
  expect(cameras.length).toBeGreaterThan(2);
  for (const z of depths) expect(z).toBeLessThan(1);
});
