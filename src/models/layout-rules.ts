/** Where public ONNX exports of Stable Diffusion keep their files, as tables. Paths are relative to the folder. */
import type { Part } from "../diffusion/ports.ts";

/**
 * What the path of a network's graph looks like, its ".onnx" taken off: in a folder named after the part (diffusers,
 * optimum) or in a file named after it (transformers.js' onnx/, Microsoft's flat folders).
 */
export const GRAPHS: Readonly<Record<Part, RegExp>> = {
  text_encoder: /(^|[/_.-])(text[_-]?encoder|text[_-]?model|clip[_-]?text)(?![_-]?[2-9])([/_.-]|$)/i,
  unet: /(^|[/_.-])unet([/_.-]|$)/i,
  vae_encoder: /(^|[/_.-])((vae|taesd|tae)[/_-]?encoder|(?<=^|\/)encoder)([/_.-]|$)/i,
  vae_decoder: /(^|[/_.-])((vae|taesd|tae)[/_-]?decoder|(?<=^|\/)decoder)([/_.-]|$)/i,
};

/** Graphs that share words with the above and are something else. */
export const NOT_OURS = /safety|controlnet|lora|text[_-]?encoder[_-]?[2-9]|encoder_decoder|(^|\/)\./i;

/** Editions of one graph, told by words of its path; the first that fits. */
export const PRECISIONS = [
  { precision: "quantized", pattern: /(^|[/_.-])(q4f16|q4|q8|int8|uint8|int4|quantized|bnb4)(?![a-z\d])/i },
  { precision: "fp16", pattern: /(^|[/_.-])(fp16|f16|float16|half)(?![a-z\d])/i },
  { precision: "fp32", pattern: /(^|[/_.-])(fp32|f32|float32)(?![a-z\d])/i },
] as const;
/** "plain" is a name that tells none. */
export type Precision = (typeof PRECISIONS)[number]["precision"] | "plain";

/** Which edition to take where a folder has several, best first. */
export const PREFERENCES: Readonly<Record<"fp16" | "fp32", readonly Precision[]>> = {
  fp16: ["fp16", "plain", "fp32", "quantized"],
  fp32: ["fp32", "plain", "fp16", "quantized"],
};

/** Folders that small files are looked for in, beside the root; in this order. */
const TOKENIZER_FOLDERS = ["tokenizer/", "", "onnx/tokenizer/", "text_encoder/"];

export interface SmallFile {
  /** Where the diffusers layout has it. */
  readonly path: string;
  /** Where else it may be. */
  readonly places: readonly string[];
}

const tokenizerFile = (name: string): SmallFile => ({
  path: `tokenizer/${name}`,
  places: TOKENIZER_FOLDERS.map((folder) => folder + name),
});
const configOf = (part: string, ...more: readonly string[]): SmallFile => ({
  path: `${part}/config.json`,
  places: [`${part}/config.json`, `onnx/${part}/config.json`, ...more],
});

export const SMALL_FILES: readonly SmallFile[] = [
  { path: "model_index.json", places: ["model_index.json"] },
  { path: "splatsmith.json", places: ["splatsmith.json"] },
  { path: "README.md", places: ["README.md"] },
  {
    path: "scheduler/scheduler_config.json",
    places: ["scheduler/scheduler_config.json", "scheduler_config.json"],
  },
  tokenizerFile("tokenizer.json"),
  tokenizerFile("vocab.json"),
  tokenizerFile("merges.txt"),
  tokenizerFile("tokenizer_config.json"),
  tokenizerFile("special_tokens_map.json"),
  configOf("unet"),
  configOf("vae_encoder", "vae/config.json", "vae_decoder/config.json"),
];

/** What a graph's weights are called when they lie beside it; `name` is the graph's file name, `stem` without .onnx. */
export const WEIGHTS: readonly ((name: string, stem: string) => RegExp)[] = [
  (name) => new RegExp(`^${escaped(name)}([_.]data)(_?\\d+)?$`), // optimum, torch
  (_, stem) => new RegExp(`^${escaped(stem)}\\.(data|pb|bin|weights)$`),
];
/** Names that do not tell their graph: they belong to the only one in their folder. */
export const ANONYMOUS_WEIGHTS = /^(weights\.pb|model\.onnx[_.]data|weights\.bin|external_data)$/;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Places to ask for where there is no listing: what HEAD requests try. */
export function usualPlaces(parts: readonly Part[]): readonly string[] {
  const graphs = parts.flatMap((part) => [
    `${part}/model.onnx`,
    `${part}/model_fp16.onnx`,
    `onnx/${part}/model.onnx`,
    `onnx/${part}.onnx`,
    `onnx/${part}_fp16.onnx`,
    `${part}.onnx`,
    `${part}_fp16.onnx`,
  ]);
  const weights = graphs.flatMap((graph) => {
    const folder = graph.slice(0, graph.lastIndexOf("/") + 1);
    return [
      `${graph}_data`,
      `${graph}.data`,
      ...(graph.endsWith("/model.onnx") ? [`${folder}weights.pb`] : []),
    ];
  });
  return [...new Set([...SMALL_FILES.flatMap(({ places }) => places), ...graphs, ...weights])];
}
