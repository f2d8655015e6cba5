import { withoutWeights } from "../onnx/memory.ts";
import { createDenoiser } from "./denoiser.ts";
import type { Denoiser } from "./denoiser.ts";
import type { FolderSource } from "./folder-source.ts";
import type { Backend } from "./graph-runner.ts";
import type { ExampleEdit } from "./model-card.ts";
import { openModelFolder } from "./model-folder.ts";
import type { GraphFile, ModelFolder, PartLoader } from "./model-folder.ts";
import type { PartGraph } from "./network-sizes.ts";
import type { Part } from "./ports.ts";
import { latentGradients, noiseSubjects, quantizationNoise } from "./quantization-noise.ts";
import type { NoiseReport } from "./quantization-noise.ts";
import { choosePrecision } from "./precision.ts";
import { createSchedule } from "./schedule.ts";
import { createTextEncoder } from "./text-encoder.ts";
import { createTokenizer } from "./tokenizer.ts";

export interface MeasureOptions {
  readonly backend: Backend;
  /** Prompts to try; those of the model's card unless given. */
  readonly edits?: readonly ExampleEdit[];
  /** Ends it within one call of the UNet, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** For folders whose card names none. */
const SD_EDITS: readonly ExampleEdit[] = [
  { source: "a photo of a bear statue in a park", target: "a photo of a grizzly bear in a park" },
  { source: "a photo of a man's face", target: "a photo of a man's face as a bronze statue" },
];
const MAX_EDITS = 4;

/** Latents of 256 pixels are enough where the graph takes any size. */
const MAX_SIDE = 32;
const SD_SIDE = 64;
const SD_CHANNELS = 4;

/** The noise of a quantized folder's UNet against that of the folder it was made from. */
export async function measureFolders(
  exact: FolderSource,
  quantized: FolderSource,
  { backend, edits, signal }: MeasureOptions,
): Promise<NoiseReport> {
  const [reference, candidate] = await Promise.all([openModelFolder(exact), openModelFolder(quantized)]);
  const schedule = createSchedule(reference.scheduler);
  const text = await loader(reference, "text_encoder");
  const unet = await loader(reference, "unet");
  const [, , height, width] = unet.ports.sample.dims;
  const [, channels] = unet.ports.prediction.dims;
  const side = Math.min(reference.sampleSize ?? SD_SIDE, MAX_SIDE);
  const fixed = (dim: unknown, otherwise: number): number => (typeof dim === "number" ? dim : otherwise);
  const shape = [fixed(channels, SD_CHANNELS), fixed(height, side), fixed(width, side)];

  const tokens = text.ports.ids.dims[1];
  const tokenizer = createTokenizer(reference.tokenizer, typeof tokens === "number" ? tokens : undefined);
  const encoder = createTextEncoder(text, tokenizer, backend);
  const denoiserOf = (part: Awaited<ReturnType<typeof loader<"unet">>>) =>
    createDenoiser(part, schedule, backend, choosePrecision(part.model, backend));

  const prompts = edits ?? (reference.card.examples.length ? reference.card.examples : SD_EDITS);
  const { subjects, gradients } = await during(denoiserOf(unet), signal, async (denoiser) => {
    const asked = { schedule, shape, edits: prompts.slice(0, MAX_EDITS), embed: encoder.embed };
    const subjects = await noiseSubjects(denoiser, asked).finally(encoder.release);
    return { subjects, gradients: await latentGradients(denoiser, { schedule, subjects }) };
  });
  return during(denoiserOf(await loader(candidate, "unet")), signal, async (denoiser) =>
    quantizationNoise(gradients, await latentGradients(denoiser, { schedule, subjects })),
  );
}

/** The two UNets are never in memory together. */
async function during<T>(
  denoiser: Denoiser,
  signal: AbortSignal | undefined,
  work: (denoiser: Denoiser) => Promise<T>,
): Promise<T> {
  const predict: Denoiser["predict"] = async (...asked) => {
    signal?.throwIfAborted();
    return denoiser.predict(...asked);
  };
  try {
    return await work({ ...denoiser, predict });
  } finally {
    await denoiser.dispose();
  }
}

async function loader<P extends Part>(folder: ModelFolder, part: P): Promise<PartLoader<P> & PartGraph<P>> {
  let first: GraphFile<P> | undefined = await folder.graph(part);
  return {
    ports: first.ports,
    model: withoutWeights(first.model),
    load: async () => {
      const file = first ?? (await folder.graph(part));
      first = undefined;
      return file;
    },
  };
}
