/** The networks, each alone. What they compute on plays no part in how long it takes, so it is made up. */
import type { Tensor } from "../core/tensor.ts";
import type { Bridge } from "../diffusion/codecs/bridge.ts";
import { bridges } from "../diffusion/codecs/index.ts";
import type { Pipeline } from "../diffusion/pipeline.ts";
import { normalLatent, uploadImage, waves } from "../diffusion/testing/images.ts";
import type { Gpu } from "../gpu/device.ts";
import { NAMES } from "./names.ts";
import type { Row } from "./row.ts";

export interface ModelSubject {
  readonly gpu: Gpu;
  readonly pipeline: Pipeline;
  /** Side of the images, pixels. */
  readonly size: number;
}

const latent = ({ pipeline: { codec }, size }: ModelSubject, seed: string): Tensor =>
  normalLatent(seed, [codec.latentChannels, size / codec.downscale, size / codec.downscale]);

const image = ({ gpu, size }: ModelSubject) => uploadImage(gpu, waves(size, size), size, size);

const textEncoder: Row<ModelSubject> = {
  name: "text encoder",
  prepare({ pipeline }) {
    let prompts = 0;
    // A prompt that was embedded before comes from the encoder's cache.
    return { run: () => pipeline.textEncoder.embed(`a photo number ${++prompts}`) };
  },
};

const encoder: Row<ModelSubject> = {
  name: NAMES.encoder,
  prepare(subject) {
    const view = image(subject);
    return { run: () => subject.pipeline.codec.forward(view), dispose: () => view.buffer.destroy() };
  },
};

const decoder = (batch: number): Row<ModelSubject> => ({
  name: `decoder ×${batch}`,
  prepare(subject) {
    const latents = Array.from({ length: batch }, (_, i) => latent(subject, `decoded ${i}`));
    return { run: () => subject.pipeline.codec.decodeBatch(latents) };
  },
});

const unet = (batch: number): Row<ModelSubject> => ({
  name: NAMES.unet(batch),
  async prepare(subject) {
    const { textEncoder, denoiser, schedule } = subject.pipeline;
    const prompt = await textEncoder.embed("");
    // Each row another latent: equal ones are evaluated once.
    const slots = Array.from({ length: batch }, (_, i) => ({
      latent: latent(subject, `noisy ${i}`),
      prompt,
    }));
    return { run: () => denoiser.predict(slots, Math.floor(schedule.steps / 2)) };
  },
});

/** `exact` is the encoder's VJP, `decode-residual` the decoder at a batch of two with what it takes around it. */
const bridgeRow = (bridge: Bridge): Row<ModelSubject> => ({
  name: NAMES.bridge(bridge.id),
  async prepare(subject) {
    const { codec } = subject.pipeline;
    const view = image(subject);
    const { out: z, saved } = await codec.forward(view);
    const [zSource, vLatent] = [latent(subject, "source"), latent(subject, "gradient")];
    return {
      run: () => bridge.imageCotangent({ codec, image: view, saved, z, zSource, vLatent }, {}),
      dispose: () => view.buffer.destroy(),
    };
  },
});

/** In the order of a step. The UNet's batches are one prediction, SSD without and with its enhancing term. */
export const modelRows: readonly Row<ModelSubject>[] = [
  textEncoder,
  encoder,
  ...[1, 3, 4].map(unet),
  ...bridges.all.map(bridgeRow),
  decoder(2),
];
