import { UserError } from "../core/errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { withoutWeights } from "../onnx/memory.ts";
import type { Model } from "../onnx/model.ts";
import { checkFreeU, type FreeU } from "../onnx/passes/free-u.ts";
import { mixedPrecision } from "../onnx/passes/mixed-precision.ts";
import { attentionIsRight } from "./attention-check.ts";
import type { Codec } from "./codecs/codec.ts";
import { openEncoderFolder } from "./codecs/encoders.ts";
import { createVaeCodec } from "./codecs/vae.ts";
import { createDenoiser, isShownImages } from "./denoiser.ts";
import type { Denoiser } from "./denoiser.ts";
import type { FolderSource } from "./folder-source.ts";
import { withFusedAttention } from "./fused-attention.ts";
import type { Backend } from "./graph-runner.ts";
import type { ModelCard } from "./model-card.ts";
import { openModelFolder } from "./model-folder.ts";
import type { GraphFile, ModelFolder, PartLoader } from "./model-folder.ts";
import { ASSUMED_BYTES, planMemory } from "./memory-plan.ts";
import type { MemoryLimits, MemoryPlan } from "./memory-plan.ts";
import { fixedUnet, networkSizes } from "./network-sizes.ts";
import type { PartGraph } from "./network-sizes.ts";
import type { Part } from "./ports.ts";
import { choosePrecision } from "./precision.ts";
import type { PrecisionChoice, PrecisionWish } from "./precision.ts";
import { createResidency } from "./residency.ts";
import { createSchedule } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { Provider } from "./session.ts";
import { createTextEncoder } from "./text-encoder.ts";
import type { TextEncoder } from "./text-encoder.ts";
import { createTokenizer } from "./tokenizer.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { resolutionsOf } from "./resolutions.ts";
import type { Resolutions } from "./resolutions.ts";

/** A latent diffusion model, ready to be asked. */
export interface Pipeline {
  readonly tokenizer: Tokenizer;
  readonly textEncoder: TextEncoder;
  readonly denoiser: Denoiser;
  readonly codec: Codec;
  /** The model's own codec, where `codec` has another encoder. */
  readonly referenceCodec?: Codec;
  readonly schedule: Schedule;
  readonly info: PipelineInfo;
  dispose(): Promise<void>;
}

export interface PipelineInfo extends Omit<ModelCard, "resolution">, Resolutions {
  readonly provider: Provider;
  /** What the UNet computes in. */
  readonly precision: PrecisionChoice;
  /** The model knows the words of `tokenizer.words` and no others. */
  readonly closedVocabulary: boolean;
  /** Kind of the encoder in use. */
  readonly encoder: string;
  /** Bytes that the networks may take together: assumed, or what the user says. */
  readonly memoryBudget: number;
  /** How each of `resolutions` fits into memory; none where the graphs do not tell. */
  readonly memory: readonly MemoryPlan[];
  /** What changes the UNet, if anything does. */
  readonly freeU?: FreeU;
  /** Why FreeU cannot change the UNet, where it cannot. */
  readonly noFreeU?: string;
}

export interface PipelineOptions {
  readonly gpu: Gpu;
  /** By the adapter unless given: WebGPU on a real GPU, wasm where the "GPU" is software. */
  readonly provider?: Provider | "auto" | undefined;
  /** A folder with an encoder to use in place of the model's own. */
  readonly encoder?: FolderSource | undefined;
  /** Bytes of memory that the networks may take; assumed unless given. */
  readonly memoryBudget?: number | undefined;
  /** Of pictures, in pixels: planned for beside the model's own sizes, where the graphs do not rule it out. */
  readonly side?: number | undefined;
  /** Changes the UNet; the model is loaded anew for others. */
  readonly freeU?: FreeU | undefined;
  /** What the UNet computes in; by the GPU and the model's weights unless given. */
  readonly precision?: PrecisionWish | undefined;
  /** Told, in words, what makes the model slower or less exact than it might be. */
  readonly warn?: Backend["warn"];
}

export const chooseProvider = ({ isSoftware }: Gpu, wanted: Provider | "auto" = "auto"): Provider =>
  wanted === "auto" ? (isSoftware ? "wasm" : "webgpu") : wanted;

/**
 * Loads a model folder in the diffusers ONNX layout: its configs and graphs are read and checked now, its networks
 * start when first used. Throws a UserError that names the file that is missing or wrong.
 */
export async function loadPipeline(source: FolderSource, options: PipelineOptions): Promise<Pipeline> {
  const { gpu } = options;
  const provider = chooseProvider(gpu, options.provider);
  const folder = await openModelFolder(source);
  const schedule = createSchedule(folder.scheduler);

  const text = await loadPart(folder, "text_encoder");
  const tokenizer = createTokenizer(folder.tokenizer, sizeAt(text.ports.ids.dims, 1));
  const unet = await loadPart(folder, "unet");
  const ownEncoder = await loadPart(folder, "vae_encoder");
  const other = options.encoder && (await openEncoderFolder(options.encoder));
  const encoder = other ? await loadPart(other, "vae_encoder") : ownEncoder;
  const decoder = await loadPart(folder, "vae_decoder");
  const latentChannels = checkChannels(unet, decoder);
  const { resolutions: own, config } = resolutionsOf(folder, { unet, encoder });

  const noFreeU = obstacleOf(() =>
    checkFreeU(fixedUnet({ unet, text_encoder: text }, own.resolution, config.downscale)),
  );
  if (options.freeU && noFreeU) throw noFreeU;

  const limits = limitsOf(gpu, provider, options.memoryBudget);
  const graphs = { text_encoder: text, unet, vae_encoder: encoder, vae_decoder: decoder };
  const choice = choosePrecision(unet.model, { provider, gpu, wish: options.precision });
  const asItRuns = async (model: Model, part: Part): Promise<Model> => {
    const isWeight = (name: string): boolean => model.graph.initializers.has(name);
    const fused =
      provider === "webgpu"
        ? (await withFusedAttention(model, (form) => attentionIsRight(gpu, form))).model
        : model;
    return part === "unet" && choice.precision === "float16" ? mixedPrecision(fused, isWeight) : fused;
  };
  const memory: MemoryPlan[] = [];
  /** Whether there is a plan for it. */
  const plan = async (side: number): Promise<boolean> => {
    const sizes = await networkSizes(graphs, side, config.downscale, asItRuns);
    if (sizes) memory.push(planMemory(side, sizes, limits));
    return sizes !== undefined;
  };
  for (const side of own.resolutions) await plan(side);
  const { side: asked } = options;
  const isFurther = asked !== undefined && !own.isFixed && !own.resolutions.includes(asked);
  const resolutions =
    // Where the model's own sizes have no plan, none says anything about this one.
    isFurther && (memory.length === 0 || (await plan(asked)))
      ? { ...own, resolutions: [...own.resolutions, asked].sort((a, b) => a - b) }
      : own;
  const planFor = (side: number): MemoryPlan | undefined => memory.find((plan) => plan.side === side);
  let current: MemoryPlan | undefined;
  const residency = createResidency(() => current?.alternating ?? []);
  const backend = { provider, gpu, residency, warn: options.warn };

  const textEncoder = createTextEncoder(text, tokenizer, backend);
  const denoiser = createDenoiser(unet, schedule, backend, {
    vae: config,
    freeU: options.freeU,
    precision: choice.precision,
    limits: (latentShape) => planFor(latentShape.at(-1)! * config.downscale) ?? UNPLANNED,
  });
  const parts = {
    decoder,
    config,
    latentChannels,
    gradientBudget: (side: number) => planFor(side)?.gradientBudget ?? Infinity,
    onSize: (side: number) => (current = planFor(side)),
  };
  const codec = createVaeCodec({ ...parts, encoder, encoding: other?.encoding }, backend);
  const referenceCodec = other && createVaeCodec({ ...parts, encoder: ownEncoder }, backend);
  const { resolution: _, ...card } = folder.card;
  const family = isShownImages(unet.ports) ? "pix2pix" : card.family;
  return {
    tokenizer,
    textEncoder,
    denoiser,
    codec,
    ...(referenceCodec && { referenceCodec }),
    schedule,
    info: {
      ...card,
      family,
      ...resolutions,
      provider,
      precision: choice,
      closedVocabulary: tokenizer.words !== undefined,
      encoder: codec.id,
      memoryBudget: limits.budget,
      memory,
      ...(options.freeU && { freeU: options.freeU }),
      ...(noFreeU && { noFreeU: noFreeU.message }),
    },
    async dispose() {
      const codecs = [codec, ...(referenceCodec ? [referenceCodec] : [])];
      await Promise.all([textEncoder.release(), denoiser.dispose(), ...codecs.map((each) => each.dispose())]);
    },
  };
}

/** Why something cannot be done for the user. */
function obstacleOf(attempt: () => void): UserError | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Where the graphs do not tell their sizes. */
const UNPLANNED = { batch: Infinity, together: 0 };

/** All that 32-bit WebAssembly can address, and what of it is left beside ONNX Runtime and the gaps between blocks. */
const WASM_BYTES = 2 ** 32;
const WASM_BUDGET = (7 / 8) * WASM_BYTES;

const limitsOf = ({ limits }: Gpu, provider: Provider, budget: number = ASSUMED_BYTES): MemoryLimits =>
  provider === "wasm"
    ? { budget: Math.min(budget, WASM_BUDGET), largestBuffer: WASM_BYTES }
    : { budget, largestBuffer: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize) };

/** Looks at a part's graph, and keeps what was read until its first session takes it. */
async function loadPart<P extends Part>(
  folder: Pick<ModelFolder, "graph">,
  part: P,
): Promise<PartLoader<P> & PartGraph<P>> {
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

/** A size that the graph fixes. */
const sizeAt = (dims: readonly (number | string)[], axis: number): number | undefined => {
  const size = dims[axis];
  return typeof size === "number" ? size : undefined;
};

/** Stable Diffusion's, for graphs that leave even the channels open. */
const LATENT_CHANNELS = 4;

function checkChannels(unet: PartLoader<"unet">, decoder: PartLoader<"vae_decoder">): number {
  const takes = sizeAt(isShownImages(unet.ports) ? unet.ports.prediction.dims : unet.ports.sample.dims, 1);
  const decodes = sizeAt(decoder.ports.latent.dims, 1);
  if (takes !== undefined && decodes !== undefined && takes !== decodes) {
    throw new UserError(
      `The UNet takes ${takes} channels and the VAE's latents have ${decodes}: this is a model for inpainting, ` +
        "which gets more than a latent.",
      "Use a plain text-to-image model, or InstructPix2Pix.",
    );
  }
  return takes ?? decodes ?? LATENT_CHANNELS;
}
