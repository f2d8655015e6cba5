import { describe, expect, it } from "vitest";
import { UserError } from "../../core/errors.ts";
import type { Gpu } from "../../gpu/device.ts";
import { gpuTest } from "../../gpu/testing.ts";
import type { FolderSource } from "../folder-source.ts";
import { loadPipeline } from "../pipeline.ts";
import { useNodeRuntime } from "../session/runtime.node.ts";
import { downloadImage, normalLatent, uploadImage, waves } from "../testing/images.ts";
import { memoryFolder } from "../testing/memory-folder.ts";
import { tinyFolder, tinyVaeEncoder } from "../testing/tiny-diffusion.ts";
import { openEncoderFolder } from "./encoders.ts";
import { gradientAgreement } from "./gradient-agreement.ts";

useNodeRuntime();

const encoderFolder = (config?: object, seed?: string, brings = false): FolderSource =>
  memoryFolder({
    "vae_encoder/model.onnx": tinyVaeEncoder({ moments: false, brings, ...(seed && { seed }) }),
    ...(config && { "vae_encoder/config.json": config }),
  });

const load = (gpu: Gpu, encoder?: FolderSource) =>
  loadPipeline(tinyFolder({ "vae_encoder/model.onnx": tinyVaeEncoder({ moments: false }) }), {
    gpu,
    provider: "wasm",
    encoder,
  });

describe("an encoder's folder", () => {
  it("is known by its config, else by its graph", async () => {
    const kinds = [
      encoderFolder(),
      encoderFolder({ _class_name: "AutoencoderKL", scaling_factor: 0.5 }),
      encoderFolder({ _class_name: "AutoencoderTiny" }, "encoder", true),
    ];
    const encodings = await Promise.all(
      kinds.map(async (folder) => (await openEncoderFolder(folder)).encoding),
    );
    expect(encodings).toMatchObject([
      { id: "taesd", scaling: 1, toNetwork: { scale: 1, offset: 0 } },
      { id: "vae", scaling: 0.5, toNetwork: { scale: 2, offset: -1 } },
      { id: "taesd-diffusers", scaling: 1, toNetwork: { scale: 2, offset: -1 } },
    ]);
  });

  it("without an encoder is refused", async () => {
    const opened = openEncoderFolder(memoryFolder({}));
    await expect(opened).rejects.toThrow(UserError);
    await expect(opened).rejects.toThrow("has no vae_encoder/model.onnx");
  });
});

gpuTest("TAESD sees [0, 1] and gives scaled latents, with a gradient to match", async ({ gpu }) => {
  const pixels = waves(16, 16);
  const inNetworkRange = pixels.map((value) => (value + 1) / 2); // the VAE's 2x − 1 of it is x again
  const taesd = await load(gpu, encoderFolder());
  const vae = taesd.referenceCodec!;
  expect([taesd.info.encoder, taesd.codec.id, vae.id]).toEqual(["taesd", "taesd", "vae"]);
  const scaling = 0.18215; // Stable Diffusion's, which a folder without a VAE config gets

  const small = await taesd.codec.forward(uploadImage(gpu, pixels, 16, 16));
  const own = await vae.forward(uploadImage(gpu, inNetworkRange, 16, 16));
  small.out.data.forEach((value, i) => expect(value * scaling).toBeCloseTo(own.out.data[i]!, 5));

  const vLatent = normalLatent("cotangent", small.out.shape);
  const vSmall = await downloadImage(gpu, await taesd.codec.vjp(small.saved, vLatent));
  const vOwn = await downloadImage(gpu, await vae.vjp(own.saved, vLatent));
  vSmall.forEach((value, i) => expect(value * 2 * scaling).toBeCloseTo(vOwn[i]!, 5));
  await taesd.dispose();
});

gpuTest("TAESD as diffusers wraps it gives the plain one's latents", async ({ gpu }) => {
  const [plain, wrapped] = [
    await load(gpu, encoderFolder()),
    await load(gpu, encoderFolder({}, "encoder", true)),
  ];
  expect(wrapped.info.encoder).toBe("taesd-diffusers");
  const image = uploadImage(gpu, waves(16, 16), 16, 16);
  const [a, b] = [await plain.codec.forward(image), await wrapped.codec.forward(image)];
  b.out.data.forEach((value, i) => expect(value).toBeCloseTo(a.out.data[i]!, 5));
  await Promise.all([plain.dispose(), wrapped.dispose()]);
});

gpuTest("gradients agree with themselves, and not with those of other weights", async ({ gpu }) => {
  const kl = { _class_name: "AutoencoderKL", scaling_factor: 3 };
  const image = uploadImage(gpu, waves(16, 16), 16, 16);
  const [same, other] = [await load(gpu, encoderFolder(kl)), await load(gpu, encoderFolder(kl, "other"))];
  expect(await gradientAgreement(same.codec, same.referenceCodec!, image)).toBeCloseTo(1, 5);
  expect(Math.abs(await gradientAgreement(other.codec, other.referenceCodec!, image))).toBeLessThan(0.3);
  await Promise.all([same.dispose(), other.dispose()]);
});

gpuTest("a pipeline without another encoder has its own alone", async ({ gpu }) => {
  const { codec, referenceCodec, info, dispose } = await load(gpu);
  expect([codec.id, referenceCodec, info.encoder]).toEqual(["vae", undefined, "vae"]);
  await dispose();
});
