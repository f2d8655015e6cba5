/** What a rasterizer keeps between frames, and that nothing of it can be seen: room, old data, order. */
import { describe, expect, vi } from "vitest";
import { createRng } from "../core/rng.ts";
import { GpuMemoryError, type Gpu } from "../gpu/device.ts";
import { gpuTest } from "../gpu/testing.ts";
import { ATTRIBUTES } from "../scene/attributes.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import type { ReferenceSplats } from "./project.reference.ts";
import { Rasterizer, createImages, destroyImages } from "./rasterizer.ts";
import { readImages, readSplats, poison, uploadImages, uploadReference } from "./testing/gpu.ts";
import { randomScene, reorder, testCamera } from "./testing/scenes.ts";
import type { RenderInput, RenderOutput } from "./types.ts";

const SIZE = { width: 53, height: 41 };
const scene = randomScene(createRng("memory"), { count: 300, shDegree: 1, logScale: -2.5 });

const inputOf = (splats: SplatBuffers, size = SIZE): RenderInput => ({
  splats,
  camera: testCamera(size.width, size.height),
  background: [0.3, 0.2, 0.1],
  antialias: true,
});

function cotangentOf(gpu: Gpu, { width, height } = SIZE): RenderOutput {
  const rng = createRng("cotangent");
  const normal = (length: number): Float64Array => Float64Array.from({ length }, () => rng.normal());
  const plane = width * height;
  return uploadImages(
    gpu,
    { image: normal(3 * plane), alpha: normal(plane), depth: normal(plane) },
    { width, height },
  );
}

/** Everything a step gives, as bytes. */
async function step(gpu: Gpu, rasterizer: Rasterizer, splats: ReferenceSplats<Float64Array>, size = SIZE) {
  const { out, saved } = await rasterizer.renderComplete(inputOf(uploadReference(gpu, splats), size));
  const pictures = await readImages(gpu, out);
  const vSplats = await rasterizer.vjp(saved, cotangentOf(gpu, size));
  const gradient = await readSplats(gpu, vSplats);
  return { pictures, gradient, saved, vSplats };
}

describe("a step", () => {
  gpuTest("gives the same bytes every time, whoever draws it", async ({ gpu }) => {
    const first = new Rasterizer(gpu);
    const { pictures, gradient } = await step(gpu, first, scene);
    expect(Math.max(...pictures.alpha)).toBeGreaterThan(0.5);
    for (const attribute of ATTRIBUTES) expect(gradient[attribute].some((value) => value !== 0)).toBe(true);
    const second = new Rasterizer(gpu);
    for (const rasterizer of [first, second, first]) {
      const again = await step(gpu, rasterizer, scene);
      expect(again.pictures).toEqual(pictures);
      expect(again.gradient).toEqual(gradient);
    }
    first.dispose();
    second.dispose();
  });

  gpuTest("does not depend on the order of the splats, to the byte", async ({ gpu }) => {
    const rng = createRng("shuffle");
    const order = Array.from({ length: scene.count }, (_, i) => i)
      .map((i) => [rng.uniform(), i] as const)
      .sort(([a], [b]) => a - b)
      .map(([, i]) => i);
    const rasterizer = new Rasterizer(gpu);
    const { pictures, gradient } = await step(gpu, rasterizer, scene);
    const shuffled = await step(gpu, rasterizer, reorder(scene, order));
    expect(shuffled.pictures).toEqual(pictures);
    for (const attribute of ATTRIBUTES) {
      const width = gradient[attribute].length / scene.count;
      const expected = order.flatMap((i) => [...gradient[attribute].subarray(i * width, (i + 1) * width)]);
      expect([...shuffled.gradient[attribute]]).toEqual(expected);
    }
    rasterizer.dispose();
  });

  gpuTest("sees nothing of what the buffers held before", async ({ gpu }) => {
    const fresh = new Rasterizer(gpu);
    const { pictures, gradient } = await step(gpu, fresh, scene);
    fresh.dispose();

    const used = new Rasterizer(gpu);
    const larger = randomScene(createRng("larger"), { count: 700, shDegree: 1, logScale: -1.5 });
    const before = await step(gpu, used, larger, { width: 90, height: 80 });
    for (const buffer of Object.values(before.saved.buffers)) poison(gpu, buffer);
    const after = await step(gpu, used, scene);
    expect(after.pictures).toEqual(pictures);
    expect(after.gradient).toEqual(gradient);

    for (const buffer of Object.values(after.saved.buffers)) poison(gpu, buffer);
    for (const attribute of ATTRIBUTES) poison(gpu, after.vSplats[attribute]);
    const again = await step(gpu, used, scene);
    expect(again.pictures).toEqual(pictures);
    expect(again.gradient).toEqual(gradient);
    used.dispose();
  });

  gpuTest("takes missing cotangents for zero", async ({ gpu }) => {
    const rasterizer = new Rasterizer(gpu);
    const { saved } = await rasterizer.renderComplete(inputOf(uploadReference(gpu, scene)));
    const v = cotangentOf(gpu);
    const gradientOf = async (given: Partial<RenderOutput>) =>
      readSplats(gpu, await rasterizer.vjp(saved, given));
    const parts = [
      await gradientOf({ image: v.image }),
      await gradientOf({ alpha: v.alpha }),
      await gradientOf({ depth: v.depth }),
    ];
    const whole = await gradientOf(v);
    for (const attribute of ATTRIBUTES) {
      const largest = Math.max(...whole[attribute].map(Math.abs));
      whole[attribute].forEach((value, i) => {
        const sum = parts.reduce((total, part) => total + part[attribute][i]!, 0);
        expect(Math.abs(sum - value)).toBeLessThan(1e-4 * largest);
      });
    }
    const none = await gradientOf({});
    for (const attribute of ATTRIBUTES) expect(none[attribute].every((value) => value === 0)).toBe(true);
    rasterizer.dispose();
  });
});

describe("pictures", () => {
  gpuTest("can be drawn into images of the caller's own, which last", async ({ gpu }) => {
    const rasterizer = new Rasterizer(gpu);
    const own = createImages(gpu, SIZE.width, SIZE.height);
    for (const { buffer } of Object.values(own)) poison(gpu, buffer);
    const input = inputOf(uploadReference(gpu, scene));
    const { out } = await rasterizer.renderComplete(input, own);
    expect(out).toBe(own);
    const pictures = await readImages(gpu, own);
    rasterizer.render({ ...input, background: [1, 1, 1] });
    expect(await readImages(gpu, own)).toEqual(pictures);
    const { out: pooled } = await rasterizer.renderComplete(input);
    expect(await readImages(gpu, pooled)).toEqual(pictures);
    expect(pooled.image.buffer.size).toBe(Math.ceil((12 * SIZE.width * SIZE.height) / 16) * 16);
    destroyImages(own);
    rasterizer.dispose();
  });

  gpuTest("of a tape that is no longer the latest have no derivative", async ({ gpu }) => {
    const rasterizer = new Rasterizer(gpu);
    const input = inputOf(uploadReference(gpu, scene));
    const { saved } = await rasterizer.forward(input);
    rasterizer.render(input);
    await expect(rasterizer.vjp(saved, cotangentOf(gpu))).rejects.toThrow("frame 1");
    const { saved: latest } = await rasterizer.forward(input);
    const wrong = cotangentOf(gpu, { width: 8, height: 8 });
    await expect(rasterizer.vjp(latest, wrong)).rejects.toThrow("vOut.image: got 3 × 8 × 8");
    rasterizer.dispose();
  });
});

describe("room for pairs", () => {
  gpuTest("that is too little is told, harms nothing, and is there the next time", async ({ gpu }) => {
    const roomy = new Rasterizer(gpu);
    const { pictures, gradient, saved } = await step(gpu, roomy, scene);
    const { pairs, visible } = await saved.stats;
    expect(visible).toBeGreaterThan(200);
    roomy.dispose();

    const tight = new Rasterizer(gpu, { pairs: 100 });
    const input = inputOf(uploadReference(gpu, scene));
    const first = await tight.forward(input);
    expect(await first.saved.overflowed()).toBe(true);
    expect(await first.saved.stats).toEqual({ visible, pairs, maxPairs: 100, overflowed: true });
    const incomplete = await readSplats(gpu, await tight.vjp(first.saved, cotangentOf(gpu)));
    for (const attribute of ATTRIBUTES) expect(incomplete[attribute].every(Number.isFinite)).toBe(true);

    const second = await tight.forward(input);
    expect(await second.saved.overflowed()).toBe(false);
    expect(await readImages(gpu, second.out)).toEqual(pictures);
    expect(await readSplats(gpu, await tight.vjp(second.saved, cotangentOf(gpu)))).toEqual(gradient);
    expect(tight.stats).toEqual({ visible, pairs, maxPairs: Math.ceil(1.5 * pairs), overflowed: false });
    tight.dispose();
  });

  gpuTest("is found by drawing completely, one pair short or far too little", async ({ gpu }) => {
    const roomy = new Rasterizer(gpu);
    const { pictures, saved } = await step(gpu, roomy, scene);
    const { pairs } = await saved.stats;
    roomy.dispose();
    for (const room of [1, pairs - 1, pairs]) {
      const rasterizer = new Rasterizer(gpu, { pairs: room });
      const { out, saved: tape } = await rasterizer.renderComplete(inputOf(uploadReference(gpu, scene)));
      expect(await readImages(gpu, out)).toEqual(pictures);
      expect(tape.frame).toBe(room < pairs ? 2 : 1);
      rasterizer.dispose();
    }
  });
});

describe("memory", () => {
  gpuTest("that is refused is an error of that frame, and the next one is drawn", async ({ ownGpu: gpu }) => {
    const { device, limits } = gpu;
    const input = inputOf(uploadReference(gpu, scene));
    const { pictures, gradient } = await step(gpu, new Rasterizer(gpu), scene);
    // A buffer without memory is an invalid one, and the GPU drops all commands that name it.
    const create = device.createBuffer.bind(device);
    const refusing = vi.spyOn(device, "createBuffer").mockImplementation((wanted) => {
      const isRefused = wanted.label?.endsWith("/entries");
      return create(isRefused ? { ...wanted, size: limits.maxBufferSize + 16 } : wanted);
    });
    const rasterizer = new Rasterizer(gpu);
    await expect(rasterizer.renderComplete(input)).rejects.toThrow(GpuMemoryError);
    await expect(rasterizer.renderComplete(input)).rejects.toThrow(GpuMemoryError);
    refusing.mockRestore();
    const after = await step(gpu, rasterizer, scene);
    expect(after.pictures).toEqual(pictures);
    expect(after.gradient).toEqual(gradient);
  });

  gpuTest("that has long been far too much is given back", async ({ gpu }) => {
    const rasterizer = new Rasterizer(gpu);
    const input = inputOf(uploadReference(gpu, scene));
    const { pictures, gradient } = await step(gpu, rasterizer, scene);
    const usual = rasterizer.byteLength;
    const dense = randomScene(createRng("dense"), { count: 4000, shDegree: 1, logScale: 0 });
    await step(gpu, rasterizer, dense, { width: 600, height: 400 });
    const { maxPairs } = rasterizer.stats;
    expect(maxPairs).toBeGreaterThan(1e6);
    for (let frame = 0; frame < 65; frame++) await rasterizer.renderComplete(input);
    expect(rasterizer.stats.maxPairs).toBeLessThan(maxPairs / 8);
    expect(rasterizer.byteLength).toBeLessThan(2 * usual);
    const after = await step(gpu, rasterizer, scene);
    expect(after.pictures).toEqual(pictures);
    expect(after.gradient).toEqual(gradient);
    rasterizer.dispose();
  });
});
