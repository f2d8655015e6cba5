import { assert } from "../../core/assert.ts";
import { tensor } from "../../core/tensor.ts";
import { BufferPool } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { GpuImage } from "../../gpu/image.ts";
import { createGraphRunner } from "../graph-runner.ts";
import type { Backend } from "../graph-runner.ts";
import { networkOf } from "../model-folder.ts";
import type { PartLoader, VaeConfig } from "../model-folder.ts";
import type { Codec, Latent } from "./codec.ts";
import { encoderKinds, encodingOf } from "./encoders.ts";
import type { Encoding } from "./encoders.ts";
import { createImageIo } from "./image-io.ts";
import { meanEncoder } from "./mean-encoder.ts";
import { createEncoderVjp } from "./vae-vjp.ts";

export interface VaeParts {
  readonly encoder: PartLoader<"vae_encoder">;
  readonly decoder: PartLoader<"vae_decoder">;
  readonly config: VaeConfig;
  /** Of the encoder, which may be another's; the model's own VAE unless given. */
  readonly encoding?: Encoding | undefined;
  readonly latentChannels: number;
  /** Bytes that the gradient's run may hold, by the side of the picture; any number unless given. */
  readonly gradientBudget?: (side: number) => number;
  /** Told the side of every picture before it is encoded. */
  readonly onSize?: (side: number) => void;
}

/** The decoder gives [-1, 1], we see [0, 1]. */
const FROM_NETWORK = { scale: 0.5, offset: 0.5 };

/**
 * The autoencoder of a latent diffusion model (Kingma & Welling 2014; Rombach et al. 2022):
 * z = (mean of q(z | 2x − 1) − shift)·scaling. Its three networks load when first used.
 */
export function createVaeCodec(parts: VaeParts, backend: Backend & { readonly gpu: Gpu }): Codec {
  const { gpu, provider } = backend;
  const { encoder, decoder, config, latentChannels, gradientBudget, onSize } = parts;
  const { scaling, shift, downscale } = config;
  const encoding = parts.encoding ?? encodingOf(encoderKinds.get("vae"), config);
  const { toNetwork } = encoding;
  const buffers = new BufferPool(gpu, "vae");
  const io = createImageIo(provider, gpu, buffers);

  const encode = createGraphRunner("vae_encoder", () => encoder.load().then(meanEncoder), backend);
  const decode = createGraphRunner("vae_decoder", () => decoder.load().then(networkOf), backend, [
    decoder.ports.image.name,
  ]);
  const vjp = createEncoderVjp(encoder, backend, gradientBudget);

  const checkSize = ({ channels, height, width }: GpuImage): void => {
    const [, , ...fixed] = encoder.ports.image.dims;
    assert(channels === 3, `the VAE encodes 3 channels, the image has ${channels}`);
    for (const [i, size] of [height, width].entries()) {
      assert(size % downscale === 0, `the VAE needs sizes that are multiples of ${downscale}, got ${size}`);
      const only = fixed[i];
      assert(typeof only !== "number" || only === size, `this VAE encodes ${only} pixels only, got ${size}`);
    }
  };
  const latentShape = ({ height, width }: GpuImage) => [
    latentChannels,
    height / downscale,
    width / downscale,
  ];

  /** In one run of the decoder. `start`: the first one's number, by which their pictures are told apart. */
  const decodeTogether = async (latents: readonly Latent[], start: number): Promise<readonly GpuImage[]> => {
    const { shape, data: first } = latents[0]!;
    const data = new Float32Array(latents.length * first.length);
    latents.forEach((z, row) => {
      assert(z.data.length === first.length, "decodeBatch: latents differ in shape");
      data.set(
        z.data.map((value) => value / scaling + shift),
        row * first.length,
      );
    });
    const outputs = await decode.run({
      [decoder.ports.latent.name]: { data, dims: [latents.length, ...shape] },
    });
    return io.take(`decode ${start}`, outputs, decoder.ports.image.name, FROM_NETWORK);
  };

  const decodeBatch = async (latents: readonly Latent[]): Promise<readonly GpuImage[]> => {
    assert(latents.length > 0, "decodeBatch: no latents");
    const [fixed] = decoder.ports.latent.dims;
    const size = typeof fixed === "number" ? fixed : latents.length;
    const images: GpuImage[] = [];
    for (let start = 0; start < latents.length; start += size) {
      const chunk = latents.slice(start, start + size);
      const filler = Array<Latent>(size - chunk.length).fill(chunk[0]!);
      const decoded = await decodeTogether([...chunk, ...filler], start);
      images.push(...decoded.slice(0, chunk.length));
    }
    return images;
  };

  return {
    id: encoding.id,
    gpu,
    buffers,
    downscale,
    latentChannels,
    async forward(image) {
      checkSize(image);
      onSize?.(image.width);
      const { ports } = encoder;
      const feed = await io.feed("encode", image, toNetwork);
      const { cpu } = await encode.run({ [ports.image.name]: feed });
      const shape = latentShape(image);
      // The mean comes first; behind it, where the graph has it, the logarithm of the variance.
      const mean = cpu[ports.latent.name]!.data.subarray(
        0,
        shape.reduce((a, b) => a * b),
      );
      return {
        out: tensor(
          mean.map((value) => (value - encoding.shift) * encoding.scaling),
          shape,
        ),
        saved: { image },
      };
    },
    async vjp({ image }, vLatent) {
      const feed = await io.feed("vjp input", image, toNetwork);
      const { outputs, gradient } = await vjp.run(feed, vLatent);
      const [vImage] = io.take("vjp", outputs, gradient, {
        scale: toNetwork.scale * encoding.scaling,
        offset: 0,
      });
      return vImage!;
    },
    decode: async (z) => (await decodeBatch([z]))[0]!,
    decodeBatch,
    async dispose() {
      await Promise.all([encode.dispose(), decode.dispose(), vjp.dispose()]);
      buffers.dispose();
    },
  };
}
