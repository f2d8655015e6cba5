import { describe, expect, test } from "vitest";
import { createRng } from "../core/rng.ts";
import { createBuffer, uploadBuffer, writeBuffer } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { readFloats } from "../gpu/readback.ts";
import { gpuTest } from "../gpu/testing.ts";
import { ATTRIBUTES, attributeWidth, type ShDegree } from "../scene/attributes.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import { Adam } from "./adam.ts";
import { adamStep } from "./adam.reference.ts";
import { learningRates } from "./learning-rates.ts";

const COUNT = 70;
const DEGREE: ShDegree = 1;
const RATES = learningRates({ means: 1, quaternions: 1, logScales: 1, opacityLogits: 1, sh: 1 }, 0.3, 4);

type Arrays = Record<(typeof ATTRIBUTES)[number], Float32Array>;
const randomArrays = (seed: string, scale = 1): Arrays => {
  const rng = createRng(seed);
  const entries = ATTRIBUTES.map((attribute) => {
    const length = COUNT * attributeWidth(attribute, DEGREE);
    return [attribute, Float32Array.from({ length }, () => scale * rng.normal())] as const;
  });
  return Object.fromEntries(entries) as Arrays;
};
const upload = (gpu: Gpu, arrays: Arrays): SplatBuffers => ({
  count: COUNT,
  shDegree: DEGREE,
  ...(Object.fromEntries(ATTRIBUTES.map((name) => [name, uploadBuffer(gpu, name, arrays[name])])) as Record<
    (typeof ATTRIBUTES)[number],
    GPUBuffer
  >),
});
const download = async (gpu: Gpu, splats: SplatBuffers): Promise<Arrays> => {
  const entries = ATTRIBUTES.map(async (name) => {
    const length = COUNT * attributeWidth(name, DEGREE);
    return [name, await readFloats(gpu, splats[name], length)] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Arrays;
};
const rateOf = (attribute: (typeof ATTRIBUTES)[number], lane: number): number =>
  attribute !== "sh" ? RATES[attribute] : lane < 3 ? RATES.sh.dc : RATES.sh.rest;
const MASK = Uint32Array.from({ length: COUNT }, (_, i) => (i % 3 === 0 ? 0 : 1));

async function run(gpu: Gpu, steps: number): Promise<Arrays> {
  const splats = upload(gpu, randomArrays("start"));
  const gradients = upload(gpu, randomArrays("zero"));
  const mask = uploadBuffer(gpu, "mask", MASK);
  const adam = new Adam(gpu, splats);
  for (let step = 1; step <= steps; step++) {
    const values = randomArrays(`gradient ${step}`, 10 ** ((step % 7) - 3));
    values.means[4] = NaN;
    values.sh[100] = Infinity;
    for (const name of ATTRIBUTES) writeBuffer(gpu, gradients[name], values[name]);
    adam.step({ splats, gradients, rates: RATES, mask });
  }
  adam.dispose();
  return download(gpu, splats);
}

describe("Adam on the GPU", () => {
  gpuTest(
    "follows its reference for 100 steps, and masked splats stay the same to the bit",
    async ({ gpu }) => {
      const actual = await run(gpu, 100);
      const start = randomArrays("start");
      for (const name of ATTRIBUTES) {
        const width = attributeWidth(name, DEGREE);
        const expected = Float64Array.from(start[name]);
        const moments = {
          first: new Float64Array(expected.length),
          second: new Float64Array(expected.length),
        };
        for (let step = 1; step <= 100; step++) {
          const gradient = Float64Array.from(randomArrays(`gradient ${step}`, 10 ** ((step % 7) - 3))[name]);
          if (name === "means") gradient[4] = NaN;
          if (name === "sh") gradient[100] = Infinity;
          adamStep(expected, gradient, moments, width, step, (lane) => rateOf(name, lane), MASK);
        }
        for (let i = 0; i < expected.length; i++) {
          const masked = MASK[Math.floor(i / width)] === 0;
          if (masked) expect(actual[name][i]).toBe(start[name][i]);
          else expect(Math.abs(actual[name][i]! - expected[i]!), `${name}[${i}]`).toBeLessThan(1e-5);
        }
        expect(actual[name]).not.toEqual(start[name]);
      }
    },
  );

  gpuTest("two runs give identical bytes", async ({ gpu }) => {
    expect(await run(gpu, 20)).toEqual(await run(gpu, 20));
  });

  gpuTest("finds the bottom of a quadratic bowl", async ({ gpu }) => {
    const target = randomArrays("target");
    const splats = upload(gpu, randomArrays("start"));
    const gradients = upload(gpu, randomArrays("zero"));
    const adam = new Adam(gpu, splats);
    const rates = { ...RATES, opacityLogits: 0.05 };
    for (let step = 0; step < 150; step++) {
      const { opacityLogits } = await download(gpu, splats);
      writeBuffer(
        gpu,
        gradients.opacityLogits,
        opacityLogits.map((x, i) => x - target.opacityLogits[i]!),
      );
      adam.step({ splats, gradients, rates });
    }
    const { opacityLogits } = await download(gpu, splats);
    opacityLogits.forEach((x, i) => expect(Math.abs(x - target.opacityLogits[i]!)).toBeLessThan(0.1));
    adam.dispose();
  });

  gpuTest("an attribute with rate 0 stays the same to the bit", async ({ gpu }) => {
    const start = randomArrays("start");
    const splats = upload(gpu, start);
    const adam = new Adam(gpu, splats);
    const rates = { ...RATES, means: 0, sh: { dc: 0, rest: 0 } };
    adam.step({ splats, gradients: upload(gpu, randomArrays("gradient")), rates });
    const after = await download(gpu, splats);
    expect(after.means).toEqual(start.means);
    expect(after.sh).toEqual(start.sh);
    expect(after.logScales).not.toEqual(start.logScales);
  });

  gpuTest("an attribute freed after a while moves as in a first step", async ({ gpu }) => {
    const start = randomArrays("start");
    const splats = upload(gpu, start);
    const adam = new Adam(gpu, splats);
    const gradients = upload(gpu, randomArrays("gradient"));
    for (let step = 0; step < 20; step++) adam.step({ splats, gradients, rates: { ...RATES, means: 0 } });
    adam.step({ splats, gradients, rates: RATES });
    const { means } = await download(gpu, splats);
    means.forEach((x, i) => expect(Math.abs(x - start.means[i]!) / RATES.means).toBeCloseTo(1, 2));
    adam.dispose();
  });

  gpuTest("an empty scene is legal", async ({ gpu }) => {
    const buffers = Object.fromEntries(ATTRIBUTES.map((name) => [name, createBuffer(gpu, name, 0)]));
    const splats = { count: 0, shDegree: 0, ...buffers } as unknown as SplatBuffers;
    new Adam(gpu, splats).step({ splats, gradients: splats, rates: RATES });
  });
});

test("the first step of Adam is the rate, whatever the gradient's scale", () => {
  for (const scale of [1e-4, 1, 1e8]) {
    const values = Float64Array.of(1);
    adamStep(
      values,
      Float64Array.of(scale),
      { first: new Float64Array(1), second: new Float64Array(1) },
      1,
      1,
      () => 0.01,
    );
    expect(values[0]).toBeCloseTo(0.99, 10);
  }
});
