/** With the embedded model's UNet. */
import { join } from "node:path";
import { afterAll, describe, expect } from "vitest";
import { createRng } from "../core/rng.ts";
import { tensor, type Tensor } from "../core/tensor.ts";
import type { Denoiser, DenoiserSlot } from "../diffusion/denoiser.ts";
import { diskFolder } from "../diffusion/folder-source.node.ts";
import { methods } from "../diffusion/methods/index.ts";
import { slotParts, type Slot } from "../diffusion/methods/method.ts";
import { loadPipeline, type Pipeline } from "../diffusion/pipeline.ts";
import { addNoise } from "../diffusion/schedule.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import type { Gpu } from "../gpu/device.ts";
import { gpuTest } from "../gpu/testing.ts";
import { createPredictionBank, type PredictionBank } from "./noise-bank.ts";
import { embedPrompts } from "./prompts.ts";

useNodeRuntime();

const SHAPE = [4, 16, 16];
const T = 400;
const normals = (seed: string): Tensor => {
  const rng = createRng(seed);
  return tensor(
    Float32Array.from({ length: 1024 }, () => rng.normal()),
    SHAPE,
  );
};
const [zSource, noise] = [normals("source"), normals("noise")];
const WORDS = { source: "a photo of a red apple", target: "a photo of a pumpkin", negative: "" };
const draw = { view: 3, t: T, isBanked: true };

let loaded: Promise<Pipeline> | undefined;
const model = (gpu: Gpu): Promise<Pipeline> =>
  (loaded ??= loadPipeline(diskFolder(join(import.meta.dirname, "../../models/mini")), { gpu }));
afterAll(async () => (await loaded)?.dispose());

/** One view at one level, asked by a method for the scene as it is now. */
async function setUp(gpu: Gpu, method: string, params = {}) {
  const { denoiser, schedule, textEncoder } = await model(gpu);
  const rule = methods.get(method);
  const slots = rule.uses(params, T, schedule);
  const samples: number[] = [];
  const withLeftOut: number[] = [];
  const counting: Denoiser = {
    ...denoiser,
    predict(rows, t, options) {
      samples.push(rows.length);
      withLeftOut.push(rows.length + (options?.leftOut ?? 0));
      return denoiser.predict(rows, t, options);
    },
  };
  const ask = async (
    bank: PredictionBank,
    z: Tensor,
    { words = WORDS, ...at }: Partial<typeof draw> & { words?: typeof WORDS } = {},
  ) => {
    const prompts = await embedPrompts(textEncoder, words as Parameters<typeof embedPrompts>[1]);
    const noisy = { target: addNoise(schedule, z, noise, T), source: addNoise(schedule, zSource, noise, T) };
    const asked = new Map<Slot, DenoiserSlot>(
      slots.map((slot) => {
        const { latent, prompt } = slotParts(slot);
        return [slot, { latent: noisy[latent], prompt: prompts[prompt] }];
      }),
    );
    const epsilon = await bank.predict(counting, { ...draw, ...at }, asked);
    return rule.gradient({ z, zSource, t: T, noise, schedule, epsilon }, params).gradient.data;
  };
  return { ask, samples, withLeftOut };
}

const difference = (a: Float32Array, b: Float32Array): number =>
  Math.hypot(...a.map((value, i) => value - b[i]!)) / Math.hypot(...b);

describe("a noise bank", () => {
  gpuTest.for([
    ["ssd", [3, 2]],
    ["dds", [4, 2]],
    ["sds", [2, 2]], // looks at the scene as it is alone
  ] as const)(
    "leaves out what %s asked before, and gives the same gradient",
    async ([method, sizes], { gpu }) => {
      const { ask, samples, withLeftOut } = await setUp(gpu, method);
      const bank = createPredictionBank();
      await ask(bank, normals("before"));
      const hit = await ask(bank, normals("now"));
      expect(samples).toEqual(sizes);
      expect(withLeftOut).toEqual([sizes[0], sizes[0]]);
      const anew = await ask(createPredictionBank(), normals("now"));
      expect(difference(hit, anew)).toBeLessThan(1e-6);
    },
  );

  gpuTest(
    "asks again for another view, level or wording, without a bank, and without room",
    async ({ gpu }) => {
      const { ask, samples } = await setUp(gpu, "ssd");
      const bank = createPredictionBank();
      const z = normals("now");
      await ask(bank, z);
      await ask(bank, z, { view: 4 });
      await ask(bank, z, { t: T - 1 });
      await ask(bank, z, { isBanked: false });
      await ask(bank, z);
      const none = createPredictionBank(1000);
      await ask(none, z);
      await ask(none, z);
      expect(samples).toEqual([3, 3, 3, 3, 2, 3, 3]);
    },
  );

  gpuTest("follows the source's words when they change", async ({ gpu }) => {
    const { ask, samples } = await setUp(gpu, "dds");
    const bank = createPredictionBank();
    const z = normals("now");
    const words = { ...WORDS, source: "a photo of a green apple" };
    await ask(bank, z);
    const after = await ask(bank, z, { words });
    expect(samples).toEqual([4, 3]); // what was said without words still holds
    expect(difference(after, await ask(createPredictionBank(), z, { words }))).toBeLessThan(1e-6);
  });
});
