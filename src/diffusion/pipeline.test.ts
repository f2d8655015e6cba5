import { describe, expect } from "vitest";
import { UserError } from "../core/errors.ts";
import { tensor } from "../core/tensor.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Gpu } from "../gpu/device.ts";
import type { GpuImage } from "../gpu/image.ts";
import { gpuTest } from "../gpu/testing.ts";
import { PUBLISHED_FREE_U } from "../onnx/passes/free-u.ts";
import { diskFolder } from "./folder-source.node.ts";
import { loadPipeline } from "./pipeline.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { exportedFolder } from "./testing/exports.ts";
import { hasStudy, readReferences, studyFolder, studyScaling } from "./testing/study-model.ts";
import { downloadImage, uploadImage, waves } from "./testing/images.ts";
import { tinyFolder, tinyUnet, tinyVaeEncoder } from "./testing/tiny-diffusion.ts";

useNodeRuntime();

/** Row of a batch. */
function row(batch: { shape: readonly number[]; data: readonly number[] }, index: number): Tensor {
  const shape = batch.shape.slice(1);
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(Float32Array.from(batch.data.slice(index * size, (index + 1) * size)), shape);
}

/** Largest difference, relative to the largest reference value. */
function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [error, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    error = Math.max(error, Math.abs(actual[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return error / largest;
}

/** Network pixels in [-1, 1] as an image of ours. */
const imageOf = (gpu: Gpu, { data, shape }: Tensor): GpuImage =>
  uploadImage(
    gpu,
    Float32Array.from(data, (value) => (value + 1) / 2),
    shape[1]!,
    shape[2]!,
  );

describe.skipIf(!hasStudy)("the study's model gives torch's numbers", () => {
  describe.each([
    ["float32", "", 1e-5],
    ["int8 weights", "_int8", 1e-2],
  ] as const)("%s", (_, suffix, tolerance) => {
    gpuTest("in every part", async ({ gpu }) => {
      const references = readReferences();
      const pipeline = await loadPipeline(studyFolder(suffix), { gpu, provider: "wasm" });
      const { textEncoder, denoiser, codec } = pipeline;

      const text = references["text_encoder"]!.output;
      const prompts = await Promise.all(["a photo of a red apple on grass", ""].map(textEncoder.embed));
      prompts.forEach((prompt, i) => {
        expect(prompt.shape).toEqual(text.shape.slice(1));
        expect(relativeError(prompt.data, row(text, i).data)).toBeLessThan(tolerance);
      });

      const unet = references["unet"]!;
      for (const [i, t] of unet.inputs["timestep"]!.data.entries()) {
        const [epsilon] = await denoiser.predict(
          [{ latent: row(unet.inputs["sample"]!, i), prompt: row(unet.inputs["encoder_hidden_states"]!, i) }],
          t,
        );
        expect(relativeError(epsilon!.data, row(unet.output, i).data)).toBeLessThan(tolerance);
      }

      const scaling = studyScaling();
      const encoder = references["vae_encoder"]!;
      const image = imageOf(gpu, row(encoder.inputs["sample"]!, 1));
      const { out: z } = await codec.forward(image);
      const mean = row(encoder.output, 1).data.subarray(0, z.data.length);
      expect(
        relativeError(
          z.data,
          mean.map((value) => value * scaling),
        ),
      ).toBeLessThan(tolerance);

      const decoder = references["vae_decoder"]!;
      const latents = [0, 1].map((i) => {
        const { data, shape } = row(decoder.inputs["latent_sample"]!, i);
        return tensor(
          data.map((value) => value * scaling),
          shape,
        );
      });
      const decoded = await codec.decodeBatch(latents);
      for (const [i, picture] of decoded.entries()) {
        const expected = row(decoder.output, i);
        expect([picture.channels, picture.height, picture.width]).toEqual(expected.shape);
        const pixels = (await downloadImage(gpu, picture)).map((value) => 2 * value - 1);
        expect(relativeError(pixels, expected.data)).toBeLessThan(tolerance);
      }
      await pipeline.dispose();
    });
  });
});

gpuTest("the embedded model says what it is for", async ({ gpu }) => {
  const pipeline = await loadPipeline(diskFolder("models/mini"), { gpu });
  const { info, tokenizer } = pipeline;
  expect(info).toMatchObject({ family: "embedded", licence: "MIT", closedVocabulary: true });
  expect(info.provider).toBe(gpu.isSoftware ? "wasm" : "webgpu");
  expect(info.resolutions).toContain(info.resolution);
  expect(info.resolution % pipeline.codec.downscale).toBe(0);
  for (const { source, target } of info.examples) {
    expect([source, target].flatMap(tokenizer.unknownWords)).toEqual([]);
    expect(source).not.toBe(target);
  }
  await pipeline.dispose();
});

gpuTest("the same input gives the same bytes, with threads and in another pipeline", async ({ gpu }) => {
  const results: Float32Array[][] = [];
  for (let visit = 0; visit < 2; visit++) {
    const { codec, denoiser, info, textEncoder, dispose } = await loadPipeline(diskFolder("models/mini"), {
      gpu,
      provider: "wasm",
    });
    const side = info.resolution;
    const { out: z, saved } = await codec.forward(uploadImage(gpu, waves(side, side), side, side));
    const prompts = await Promise.all(
      info.examples.slice(0, 2).map(({ target }) => textEncoder.embed(target)),
    );
    const predictions = await denoiser.predict(
      prompts.map((prompt) => ({ latent: z, prompt })),
      500,
    );
    const vImage = await downloadImage(gpu, await codec.vjp(saved, predictions[0]!));
    const decoded = await downloadImage(gpu, await codec.decode(z));
    results.push([
      z.data,
      vImage,
      decoded,
      ...prompts.map(({ data }) => data),
      ...predictions.map(({ data }) => data),
    ]);
    await dispose();
  }
  expect(results[1]).toEqual(results[0]);
});

describe("memory", () => {
  gpuTest("the embedded model fits with room to spare", async ({ gpu }) => {
    const { info, dispose } = await loadPipeline(diskFolder("models/mini"), { gpu });
    expect(info.memory.map(({ side }) => side)).toEqual(info.resolutions);
    for (const { fits, bytes, batch } of info.memory) {
      expect({ fits, isSmall: bytes < 1e8, batch: batch > 8 }).toEqual({
        fits: true,
        isSmall: true,
        batch: true,
      });
    }
    await dispose();
  });

  gpuTest("too little of it changes when networks are loaded, not what they compute", async ({ gpu }) => {
    const outcome = async (memoryBudget?: number) => {
      const read: string[] = [];
      const folder = diskFolder("models/mini");
      const open = folder.open!;
      const counted = {
        ...folder,
        open: (path: string) => {
          if (path.endsWith(".onnx")) read.push(path);
          return open(path);
        },
      };
      const { codec, denoiser, info, textEncoder, dispose } = await loadPipeline(counted, {
        gpu,
        provider: "wasm",
        memoryBudget,
      });
      const side = info.resolution;
      const image = uploadImage(gpu, waves(side, side), side, side);
      const results: Float32Array[] = [];
      for (let step = 0; step < 2; step++) {
        const { out: z, saved } = await codec.forward(image);
        const prompts = [
          await textEncoder.embed(`a photo of a red apple ${step}`),
          await textEncoder.embed(""),
        ];
        const slots = prompts.map((prompt) => ({ latent: z, prompt }));
        const [epsilon, other] = await denoiser.predict(slots, 500);
        const vImage = await codec.vjp(saved, epsilon!);
        results.push(z.data, epsilon!.data, other!.data, await downloadImage(gpu, vImage));
        results.push(await downloadImage(gpu, await codec.decode(z)));
      }
      await dispose();
      return { info, read, results };
    };
    const [plenty, little] = [await outcome(), await outcome(1)];
    expect(little.info.memory.map(({ fits }) => fits)).toEqual(little.info.memory.map(() => false));
    expect(little.info.memory.at(-1)!.says).toMatch(/^needs 0\.\d+ GB$/);
    expect(little.read.length).toBeGreaterThan(plenty.read.length);
    const unets = [plenty, little].map(({ read }) => read.filter((path) => path.startsWith("unet")).length);
    expect(unets).toEqual([1, 2]); // in each step
    plenty.results.forEach((result, i) =>
      expect(relativeError(little.results[i]!, result)).toBeLessThan(1e-5),
    );
  });
});

describe("a folder of open sizes", () => {
  gpuTest("offers the resolution of its card, and less", async ({ gpu }) => {
    const card = { name: "Tiny", resolution: 512 };
    const pipeline = await loadPipeline(tinyFolder({ "splatsmith.json": card }), { gpu, provider: "wasm" });
    expect(pipeline.info).toMatchObject({ name: "Tiny", resolution: 512, resolutions: [256, 384, 512] });
    await pipeline.dispose();
  });

  gpuTest("goes by the UNet's config where no card is", async ({ gpu }) => {
    const pipeline = await loadPipeline(tinyFolder({ "unet/config.json": { sample_size: 96 } }), { gpu });
    expect(pipeline.info).toMatchObject({ resolution: 768, resolutions: [384, 576, 768] });
    await pipeline.dispose();
  });

  gpuTest("embeds a prompt once", async ({ gpu }) => {
    const { textEncoder, dispose } = await loadPipeline(tinyFolder(), { gpu, provider: "wasm" });
    const embedding = await textEncoder.embed("red");
    expect(embedding).toEqual({ shape: [3, 3], data: Float32Array.of(1, 1, 1, 4, 4, 4, 2, 2, 2) });
    expect(await textEncoder.embed("red")).toBe(embedding);
    await textEncoder.release();
    expect(await textEncoder.embed("red")).toBe(embedding);
    expect([...(await textEncoder.embed("")).data]).toEqual([1, 1, 1, 2, 2, 2, 0, 0, 0]);
    await dispose();
  });
});

gpuTest("plans for a size that is asked for, where the UNet's levels fit together there", async ({ gpu }) => {
  for (const [side, isTaken] of [
    [192, true], // latents of 24, halved three times
    [136, false], // of 17
  ] as const) {
    const { info } = await loadPipeline(exportedFolder("sd15-scalar"), { gpu, provider: "wasm", side });
    expect(info.resolutions.includes(side), `${side} pixels`).toBe(isTaken);
    expect(info.memory.map((plan) => plan.side)).toEqual(
      isTaken ? expect.arrayContaining([...info.resolutions]) : info.resolutions,
    );
  }
});

describe("what we cannot edit with is refused", () => {
  const refused = async (gpu: Gpu, files: Parameters<typeof tinyFolder>[0]): Promise<string> => {
    const error = await loadPipeline(tinyFolder(files), { gpu }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  };

  gpuTest("a UNet that takes more than a latent", async ({ gpu }) => {
    const message = await refused(gpu, { "unet/model.onnx": tinyUnet({ channels: 8 }) });
    expect(message).toContain("takes 8 channels");
  });

  gpuTest("FreeU where the UNet has no skips, which is told beforehand", async ({ gpu }) => {
    const { info, dispose } = await loadPipeline(tinyFolder(), { gpu });
    await dispose();
    expect(info.noFreeU).toContain("has no up-blocks that are joined with skips");
    const options = { gpu, freeU: PUBLISHED_FREE_U[0]!.factors };
    await expect(loadPipeline(tinyFolder(), options)).rejects.toThrow(info.noFreeU);
    const takes = await loadPipeline(diskFolder("models/mini"), options);
    expect(takes.info).toMatchObject({ freeU: options.freeU });
    expect(takes.info).not.toHaveProperty("noFreeU");
    await takes.dispose();
  });

  gpuTest("parts of different sizes", async ({ gpu }) => {
    const message = await refused(gpu, {
      "unet/model.onnx": tinyUnet({ size: 16 }),
      "vae_encoder/model.onnx": tinyVaeEncoder({ size: 64 }),
    });
    expect(message).toContain("64 pixels to 8 latents");
  });

  gpuTest("a schedule nobody knows", async ({ gpu }) => {
    expect(await refused(gpu, { "scheduler/scheduler_config.json": { beta_schedule: "wavy" } })).toContain(
      "wavy",
    );
  });
});
