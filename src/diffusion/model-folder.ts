import { UserError } from "../core/errors.ts";
import { knownPorts } from "../onnx/known-ports.ts";
import { describe } from "../onnx/model.ts";
import type { Model } from "../onnx/model.ts";
import { singlePrecision } from "../onnx/passes/single-precision.ts";
import { readSkeleton } from "../onnx/proto/skeleton.ts";
import { readModel } from "../onnx/read.ts";
import { writeModel } from "../onnx/write.ts";
import { clipTokenizerJson } from "./clip-tokenizer.ts";
import type { FolderSource } from "./folder-source.ts";
import type { Network } from "./graph-runner.ts";
import { readJson, readJsonIfThere, readText } from "./folder-source.ts";
import type { ModelCard } from "./model-card.ts";
import { readModelCard } from "./model-card.ts";
import { PARTS, findPorts } from "./ports.ts";
import type { Part, PartPorts } from "./ports.ts";
import type { SchedulerConfig } from "./schedule.ts";
import type { TokenizerFiles } from "./tokenizer.ts";
import { weightLocations } from "./weight-files.ts";

/** A network of a folder. Weights are views into its file, or into `bytes`. */
export interface GraphFile<P extends Part = Part> {
  /** Relative to the folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly model: Model;
  readonly ports: PartPorts<P>;
  /** Bytes of its files, graph and weights. */
  readonly size: number;
  /** Weights that lie in files of their own, by the location written in the graph. */
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array | Blob }[];
}

/** A part whose graph was looked at and whose weights are read when a session needs them. */
export interface PartLoader<P extends Part> {
  readonly ports: PartPorts<P>;
  load(): Promise<GraphFile<P>>;
}

/** A model in the diffusers ONNX layout, its small files read and checked. */
export interface ModelFolder {
  readonly card: ModelCard;
  readonly scheduler: SchedulerConfig;
  readonly tokenizer: TokenizerFiles;
  readonly vae: VaeConfig;
  /** Side of the latents the UNet was trained on, where its config tells. */
  readonly sampleSize: number | undefined;
  /**
   * Reads a network anew each time, so that nobody holds gigabytes of weights in vain. It computes in float32, whatever
   * it was exported in.
   */
  graph<P extends Part>(part: P): Promise<GraphFile<P>>;
  /** As `graph`, with the element types that the file has. */
  stored<P extends Part>(part: P): Promise<GraphFile<P>>;
}

/** z = (posterior mean − shift)·scaling, as diffusers defines both. */
export interface VaeConfig {
  readonly scaling: number;
  readonly shift: number;
  /** Pixels per latent cell, as far as the config tells; the graph's own shapes come first. */
  readonly downscale: number;
}

/** Stable Diffusion 1.x and 2.x, whose ONNX folders often come without the VAE's config. */
const SD_SCALING = 0.18215;
const SD_BLOCKS = 4;

/** Looks at everything but the weights. Throws a UserError that names the file that is missing or wrong. */
export async function openModelFolder(source: FolderSource): Promise<ModelFolder> {
  await checkComplete(source);
  const firstOf = async (...paths: readonly string[]) => {
    for (const path of paths) {
      const json = await readJsonIfThere(source, path);
      if (json) return json;
    }
    return {};
  };
  const unet = await firstOf("unet/config.json");
  return {
    card: await readModelCard(source),
    scheduler: (await firstOf("scheduler/scheduler_config.json")) as SchedulerConfig,
    tokenizer: await readTokenizer(source),
    vae: vaeConfig(await firstOf("vae_encoder/config.json", "vae_decoder/config.json", "vae/config.json")),
    sampleSize: typeof unet["sample_size"] === "number" ? unet["sample_size"] : undefined,
    graph: (part) => readGraph(source, part),
    stored: (part) => readStoredGraph(source, part),
  };
}

const TOKENIZER = "tokenizer/tokenizer.json";
const CLIP_VOCAB = "tokenizer/vocab.json";
const CLIP_MERGES = "tokenizer/merges.txt";

async function checkComplete(source: FolderSource): Promise<void> {
  const needed = PARTS.map((part) => `${part}/model.onnx`);
  const there = await Promise.all(needed.map((path) => source.has(path)));
  const missing = needed.filter((_, i) => !there[i]);
  const hasTokenizer =
    (await source.has(TOKENIZER)) || ((await source.has(CLIP_VOCAB)) && (await source.has(CLIP_MERGES)));
  if (!hasTokenizer) missing.push(`${TOKENIZER} (or vocab.json and merges.txt beside it)`);
  if (missing.length === 0) return;
  throw new UserError(
    `The model folder "${source.name}" has no ${missing.join(", no ")}.`,
    "It should be laid out as diffusers lays out ONNX models: text_encoder, unet, vae_encoder and vae_decoder with " +
      "a model.onnx each, and tokenizer.",
  );
}

async function readTokenizer(source: FolderSource): Promise<TokenizerFiles> {
  const [config, special] = await Promise.all([
    readJsonIfThere(source, "tokenizer/tokenizer_config.json"),
    readJsonIfThere(source, "tokenizer/special_tokens_map.json"),
  ]);
  const tokenizer = (await source.has(TOKENIZER))
    ? await readJson(source, TOKENIZER)
    : clipTokenizerJson(
        (await readJson(source, CLIP_VOCAB)) as Record<string, number>,
        (await readText(source, CLIP_MERGES)).split("\n"),
      );
  // As transformers reads them: what names its added tokens is whole, what is older is overruled by the map. Stable
  // Diffusion 2's pads with the end mark in the one file and with "!" in the other, and was trained with "!".
  const isWhole = config !== undefined && "added_tokens_decoder" in config;
  return { tokenizer, config: isWhole ? { ...special, ...config } : { ...config, ...special } };
}

/** Of a VAE's config.json, as far as it tells. */
export function vaeConfig(json: Readonly<Record<string, unknown>>): VaeConfig {
  const number = (key: string, otherwise: number): number => {
    const value = json[key];
    if (value === undefined || value === null) return otherwise;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new UserError(
      `The VAE's config.json has a ${key} that is no number.`,
      "Check vae_encoder/config.json.",
    );
  };
  const scaling = number("scaling_factor", SD_SCALING);
  if (scaling <= 0) {
    throw new UserError(`The VAE's scaling_factor is ${scaling}.`, "Check vae_encoder/config.json.");
  }
  const blocks = json["block_out_channels"];
  return {
    scaling,
    shift: number("shift_factor", 0),
    downscale: 2 ** ((Array.isArray(blocks) ? blocks.length : SD_BLOCKS) - 1),
  };
}

/** The graph as it is, for a session. */
export const networkOf = ({ bytes, model, externalData }: GraphFile): Network => ({
  bytes,
  model,
  inputs: describe(model).inputs,
  externalData,
});

export async function readGraph<P extends Part>(source: FolderSource, part: P): Promise<GraphFile<P>> {
  const stored = await readStoredGraph(source, part);
  const model = singlePrecision(stored.model);
  if (model === stored.model) return stored;
  return { ...stored, bytes: writeModel(model), model, ports: findPorts(part, knownPorts(model)) };
}

async function readStoredGraph<P extends Part>(source: FolderSource, part: P): Promise<GraphFile<P>> {
  const path = `${part}/${GRAPH_FILE}`;
  const { bytes, file } = await readGraphFile(source, path);
  const model = about(path, () => readModel(bytes));
  const ports = findPorts(
    part,
    about(path, () => knownPorts(model)),
  );
  const others = await readExternalData(source, part, model);
  const sizes = [file ?? bytes, ...others.map(({ data }) => data)].map(sizeOfFile);
  return {
    path,
    bytes,
    model,
    ports,
    size: sizes.reduce((sum, size) => sum + size, 0),
    externalData: [...(file ? [{ path: GRAPH_FILE, data: file }] : []), ...others],
  };
}

const sizeOfFile = (data: Uint8Array | Blob): number => (data instanceof Blob ? data.size : data.byteLength);

const GRAPH_FILE = "model.onnx";
/** Larger graphs are not read whole: their weights become external data that lies in the graph's own file. */
const WHOLE_LIMIT = 256 << 20;

async function readGraphFile(
  source: FolderSource,
  path: string,
): Promise<{ readonly bytes: Uint8Array; readonly file?: Blob }> {
  if (!source.open) return { bytes: await source.read(path) };
  const file = await source.open(path);
  if (file.size <= WHOLE_LIMIT) return { bytes: new Uint8Array(await file.arrayBuffer()) };
  try {
    return { bytes: await readSkeleton(file, GRAPH_FILE), file };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError(
      `${path} is not an ONNX model, or it is cut short (${file.size} bytes)`,
      "Download it again and compare the file size.",
      { cause },
    );
  }
}

/** Says which file a complaint is about. */
function about<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(`${path}: ${cause.message}`, cause.hint, { cause });
  }
}

async function readExternalData(
  source: FolderSource,
  part: Part,
  model: Model,
): Promise<GraphFile["externalData"]> {
  return Promise.all(
    weightLocations(model)
      .filter((location) => location !== GRAPH_FILE)
      .map(async (location) => {
        const path = `${part}/${location.replace(/^\.\//, "")}`;
        if (!(await source.has(path))) {
          throw new UserError(
            `${part}/model.onnx keeps its weights in ${path}, which the folder does not have.`,
            "Download that file as well.",
          );
        }
        return { path: location, data: await (source.open ? source.open(path) : source.read(path)) };
      }),
  );
}
