import { describe, expect } from "vitest";
import { createRng } from "../core/rng.ts";
import { gpuTest } from "../gpu/testing.ts";
import { STATE } from "../document/document.ts";
import { PROPOSED } from "../document/display.ts";
import { reflect } from "../gpu/wgsl-reflect.ts";
import { loadShader } from "../gpu/wgsl.ts";
import { readFloats } from "../gpu/readback.ts";
import { project } from "../raster/project.reference.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { uploadReference } from "../raster/testing/gpu.ts";
import { randomScene, testCamera } from "../raster/testing/scenes.ts";
import { contributors, SURFACE_WEIGHT, type Look } from "./contributors.ts";
import { seenAt, weightsAt } from "./contributors.reference.ts";
import { createStatePass } from "./state-pass.ts";

const [width, height] = [40, 36];
const camera = testCamera(width, height);
const scene = randomScene(createRng("contributors"), { count: 150, opacityLogit: 1 });
const background = [0, 0, 0] as const;
const bitsOf = (words: Uint32Array, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (words[i >> 5]! >>> (i & 31)) & 1);
/** A block of pixels in the middle, over the corner of four tiles. */
const isMarked = (x: number, y: number): boolean => x >= 10 && x < 24 && y >= 12 && y < 22;

const LOOKS: readonly Look[] = [
  { footprint: true, surfaceOnly: false },
  { footprint: true, surfaceOnly: true },
  { footprint: false, surfaceOnly: true },
  { footprint: false, surfaceOnly: false },
];

describe.each(LOOKS)("splats seen with %o", (look) => {
  gpuTest("are those that a float64 twin sees", async ({ gpu }) => {
    const marked = new Uint32Array(Math.ceil((width * height) / 32));
    const projected = project(scene, { camera, antialias: false });
    const expected = new Set<number>();
    /** So near to a threshold that float32 may decide otherwise. */
    const doubtful = new Set<number>();
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (!isMarked(x, y)) continue;
        const pixel = y * width + x;
        marked[pixel >> 5]! |= 1 << (pixel & 31);
        const weights = weightsAt(projected, x, y);
        for (const splat of seenAt(weights, look)) expected.add(splat);
        for (const { splat, weight, alpha } of weights) {
          const isNear = (value: number, limit: number): boolean => Math.abs(value / limit - 1) < 1e-4;
          if (isNear(alpha, 1 / 255) || isNear(weight, SURFACE_WEIGHT)) doubtful.add(splat);
        }
      }
    }
    const rasterizer = new Rasterizer(gpu);
    const { saved } = await rasterizer.renderComplete({
      splats: uploadReference(gpu, scene),
      camera,
      background,
      antialias: false,
    });
    const seen = bitsOf(await contributors(gpu, saved, marked, look), scene.count);
    seen.forEach((bit, splat) => {
      if (!doubtful.has(splat)) expect(bit, `splat ${splat}`).toBe(expected.has(splat) ? 1 : 0);
    });
    expect(doubtful.size).toBeLessThan(5);
    expect(expected.size).toBeGreaterThan(3);
    expect(expected.size).toBeLessThan(scene.count);
    rasterizer.dispose();
  });
});

describe("the states of splats", () => {
  gpuTest("hide what is hidden or deleted, and tint what is selected", async ({ gpu }) => {
    const pass = createStatePass(gpu);
    const rasterizer = new Rasterizer(gpu);
    const splats = uploadReference(gpu, scene);
    const picture = async (states: Uint8Array, strength: number): Promise<Float32Array> => {
      pass.write(states);
      const tint = { color: [1, 0, 0] as const, strength };
      const retouch = pass.retouch({ selected: tint, proposed: tint });
      const { out } = await rasterizer.renderComplete({
        splats,
        camera,
        background,
        antialias: false,
        retouch,
      });
      return readFloats(gpu, out.image.buffer, 3 * width * height);
    };
    const plain = await picture(new Uint8Array(scene.count), 1);
    const { out } = await rasterizer.renderComplete({ splats, camera, background, antialias: false });
    expect(plain).toEqual(await readFloats(gpu, out.image.buffer, 3 * width * height));

    const gone = new Uint8Array(scene.count).fill(STATE.hidden).fill(STATE.deleted, 70);
    expect((await picture(gone, 1)).every((value) => value === 0)).toBe(true);

    for (const state of [STATE.selected, PROPOSED]) {
      const tinted = await picture(new Uint8Array(scene.count).fill(state), 1);
      const plane = width * height;
      expect(tinted.subarray(plane).every((value) => value === 0)).toBe(true);
      expect(tinted.subarray(0, plane).some((value) => value > 0.5)).toBe(true);
      expect(await picture(new Uint8Array(scene.count).fill(state), 0)).toEqual(plain);
    }
    pass.dispose();
    rasterizer.dispose();
  });

  gpuTest("have the same bits in shader and document", ({ gpu: _ }) => {
    const { constants } = reflect(loadShader("view/state").code);
    const { selected, hidden, locked, deleted } = STATE;
    expect(constants).toMatchObject({
      ...{ SELECTED: selected, HIDDEN: hidden, LOCKED: locked, DELETED: deleted, PROPOSED },
    });
  });
});
