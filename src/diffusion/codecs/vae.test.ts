import { describe, expect } from "vitest";
import { createRng } from "../../core/rng.ts";
import { tensor } from "../../core/tensor.ts";
import { checkVjp, failures } from "../../core/testing/check-vjp.ts";
import type { Fields, VjpCheck } from "../../core/testing/check-vjp.ts";
import type { Gpu } from "../../gpu/device.ts";
import { gpuTest } from "../../gpu/testing.ts";
import { diskFolder } from "../folder-source.node.ts";
import type { FolderSource } from "../folder-source.ts";
import { loadPipeline } from "../pipeline.ts";
import type { Provider } from "../session.ts";
import { useNodeRuntime } from "../session/runtime.node.ts";
import { downloadImage, normalLatent, uploadImage, waves } from "../testing/images.ts";
import { tinyFolder, tinyVaeDecoder, tinyVaeEncoder } from "../testing/tiny-diffusion.ts";
import type { Codec } from "./codec.ts";

useNodeRuntime();

/** The encoder's gradient against finite differences. Float32 networks: steps are large, tolerances follow. */
async function gradientFailures(
  codec: Codec,
  [height, width]: readonly [number, number],
  probes: Pick<VjpCheck, "directions" | "lanes" | "step">,
): Promise<string[]> {
  const { gpu, downscale, latentChannels } = codec;
  const shape = [latentChannels, height / downscale, width / downscale];
  const image = (x: Fields) => uploadImage(gpu, Float32Array.from(x["image"]!), height, width);
  const forward = async (x: Fields) => ({ z: Float64Array.from((await codec.forward(image(x))).out.data) });
  const vjp = async (x: Fields, v: Fields) => {
    const { saved } = await codec.forward(image(x));
    const vImage = await codec.vjp(saved, tensor(Float32Array.from(v["z"]!), shape));
    return { image: Float64Array.from(await downloadImage(gpu, vImage)) };
  };
  const x = { image: Float64Array.from(waves(height, width)) };
  const tolerances = { relativeTolerance: 2e-3, absoluteTolerance: 2e-3 };
  return failures(await checkVjp({ forward, vjp, x, rng: createRng("vae"), ...probes, ...tolerances }));
}

const FEW = { directions: 2, lanes: 2, step: 1e-2 };

const open = async (gpu: Gpu, source: FolderSource, provider: Provider): Promise<Codec> =>
  (await loadPipeline(source, { gpu, provider })).codec;

describe.each(["wasm", "webgpu"] as const)("on %s", (provider) => {
  gpuTest("the gradient is the encoder's own, at more than one size", async ({ gpu }) => {
    const codec = await open(gpu, tinyFolder(), provider);
    expect(await gradientFailures(codec, [16, 24], FEW)).toEqual([]);
    expect(await gradientFailures(codec, [32, 8], FEW)).toEqual([]);
    await codec.dispose();
  });

  gpuTest("an encoder that gives means alone is taken as it is", async ({ gpu }) => {
    const codec = await open(
      gpu,
      tinyFolder({ "vae_encoder/model.onnx": tinyVaeEncoder({ moments: false }) }),
      provider,
    );
    expect(await gradientFailures(codec, [16, 16], FEW)).toEqual([]);
    await codec.dispose();
  });

  gpuTest("scaling and shift are undone by decoding", async ({ gpu }) => {
    const config = { scaling_factor: 0.25, shift_factor: 0.5, block_out_channels: [1, 1, 1, 1] };
    const plain = await open(
      gpu,
      tinyFolder({ "vae_encoder/config.json": { ...config, scaling_factor: 1, shift_factor: 0 } }),
      provider,
    );
    const scaled = await open(gpu, tinyFolder({ "vae_encoder/config.json": config }), provider);
    const image = uploadImage(gpu, waves(16, 16), 16, 16);
    const { out: mean } = await plain.forward(image);
    const { out: z } = await scaled.forward(image);
    z.data.forEach((value, i) => expect(value).toBeCloseTo((mean.data[i]! - 0.5) * 0.25, 5));
    const expected = await downloadImage(gpu, await plain.decode(mean));
    const actual = await downloadImage(gpu, await scaled.decode(z));
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    await Promise.all([plain.dispose(), scaled.dispose()]);
  });

  gpuTest("a batch of decodes is each decode", async ({ gpu }) => {
    const codec = await open(gpu, tinyFolder(), provider);
    const latents = [1, 2].map((i) => normalLatent(`latent ${i}`, [4, 2, 3]));
    const batch = await Promise.all(
      (await codec.decodeBatch(latents)).map((image) => downloadImage(gpu, image)),
    );
    for (const [i, z] of latents.entries()) {
      const alone = await codec.decode(z);
      expect([alone.channels, alone.height, alone.width]).toEqual([3, 16, 24]);
      (await downloadImage(gpu, alone)).forEach((value, j) => expect(value).toBeCloseTo(batch[i]![j]!, 5));
    }
    await codec.dispose();
  });

  gpuTest.for([1, 2])("a decoder made for %i at a time decodes three", async (size, { gpu }) => {
    const fixed = tinyFolder({ "vae_decoder/model.onnx": tinyVaeDecoder(size) });
    const [codec, free] = await Promise.all([open(gpu, fixed, provider), open(gpu, tinyFolder(), provider)]);
    const latents = [1, 2, 3].map((i) => normalLatent(`latent ${i}`, [4, 2, 3]));
    const [images, expected] = await Promise.all(
      [codec, free].map(async (each) =>
        Promise.all((await each.decodeBatch(latents)).map((image) => downloadImage(gpu, image))),
      ),
    );
    expect(images).toHaveLength(3);
    images!.forEach((image, i) => {
      image.forEach((value, j) => expect(value).toBeCloseTo(expected![i]![j]!, 5));
    });
    await Promise.all([codec.dispose(), free.dispose()]);
  });

  gpuTest("sizes that the networks cannot take are our mistake", async ({ gpu }) => {
    const codec = await open(gpu, tinyFolder(), provider);
    await expect(codec.forward(uploadImage(gpu, waves(12, 16), 12, 16))).rejects.toThrow(
      "multiples of 8, got 12",
    );
    await codec.dispose();
  });
});

gpuTest("both providers agree", async ({ gpu }) => {
  const [onCpu, onGpu] = await Promise.all(
    (["wasm", "webgpu"] as const).map((provider) => open(gpu, tinyFolder(), provider)),
  );
  const results = await Promise.all(
    [onCpu!, onGpu!].map(async (codec) => {
      const { out: z, saved } = await codec.forward(uploadImage(gpu, waves(16, 16), 16, 16));
      const vImage = await downloadImage(gpu, await codec.vjp(saved, z));
      return [z.data, vImage, await downloadImage(gpu, await codec.decode(z))];
    }),
  );
  results[0]!.forEach((expected, i) =>
    expected.forEach((value, j) => expect(results[1]![i]![j]).toBeCloseTo(value, 5)),
  );
  await Promise.all([onCpu!.dispose(), onGpu!.dispose()]);
});

gpuTest("the embedded model's encoder gradient is true", async ({ gpu }) => {
  const { codec, info, dispose } = await loadPipeline(diskFolder("models/mini"), { gpu, provider: "wasm" });
  const size = [info.resolution, info.resolution] as const;
  // A direction moves every pixel, a lane one: rounding of float32 asks for a longer step there.
  expect(await gradientFailures(codec, size, { directions: 2, lanes: 0, step: 1e-3 })).toEqual([]);
  expect(await gradientFailures(codec, size, { directions: 0, lanes: 2, step: 3e-2 })).toEqual([]);
  await dispose();
});
