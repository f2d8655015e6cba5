import { createRng } from "../../core/rng.ts";
import { wordTokenizer } from "../../../models/export/word-tokenizer.ts";
import type { FolderSource } from "../folder-source.ts";
import { memoryFolder } from "./memory-folder.ts";
import { tinyModel } from "./tiny-model.ts";
import type { TinyPort } from "./tiny-model.ts";

export interface TinyUnetOptions {
  readonly timestep?: Pick<TinyPort, "type" | "dims">;
  readonly batch?: number | string;
  readonly type?: "float32" | "float16";
  readonly channels?: number;
  readonly size?: number | string;
  /** Whether it holds every pair of a latent's numbers for 64 heads, as unfused attention does; they change nothing. */
  readonly attends?: boolean;
}

/** A UNet in name and signature: prediction = sample + t + mean(context), context [batch, tokens, 3]. */
export function tinyUnet({
  timestep = { type: "float32", dims: ["batch"] },
  batch = "batch",
  type = "float32",
  channels = 4,
  size = "side",
  attends = false,
}: TinyUnetOptions = {}): Uint8Array {
  const float = type === "float32" ? 1 : 10;
  return tinyModel({
    inputs: [
      { name: "sample", type, dims: [batch, channels, size, size] },
      { name: "timestep", ...timestep },
      { name: "encoder_hidden_states", type, dims: [batch, "tokens", 3] },
    ],
    outputs: [{ name: "out_sample", type, dims: [batch, channels, size, size] }],
    nodes: [
      { op: "Cast", inputs: ["timestep"], output: "t", attributes: { to: float } },
      { op: "Reshape", inputs: ["t", "column"], output: "t_column" },
      {
        op: "ReduceMean",
        inputs: ["encoder_hidden_states"],
        output: "c",
        attributes: { axes: [1, 2], keepdims: 0 },
      },
      { op: "Reshape", inputs: ["c", "column"], output: "c_column" },
      { op: "Add", inputs: ["sample", "t_column"], output: "sum" },
      ...(attends
        ? [
            { op: "Reshape", inputs: ["sample", "rows"], output: "row" },
            { op: "Mul", inputs: ["row", "heads"], output: "q" },
            { op: "Reshape", inputs: ["sample", "columns"], output: "k" },
            { op: "MatMul", inputs: ["q", "k"], output: "scores" },
            {
              op: "ReduceMean",
              inputs: ["scores"],
              output: "mean_score",
              attributes: { axes: [1, 2, 3], keepdims: 0 },
            },
            { op: "Reshape", inputs: ["mean_score", "column"], output: "score" },
            { op: "Mul", inputs: ["score", "nothing"], output: "no_score" },
            { op: "Add", inputs: ["c_column", "no_score"], output: "told" },
          ]
        : []),
      { op: "Add", inputs: ["sum", attends ? "told" : "c_column"], output: "out_sample" },
    ],
    constants: {
      column: { dims: [4], values: [-1, 1, 1, 1], type: "int64" },
      ...(attends && {
        rows: { dims: [4], values: [0, 1, -1, 1], type: "int64" },
        columns: { dims: [4], values: [0, 1, 1, -1], type: "int64" },
        heads: { dims: [64, 1, 1], values: Array<number>(64).fill(1) },
        nothing: { dims: [1], values: [0] },
      }),
    },
  });
}

const normals = (seed: string, dims: readonly number[], scale: number) => {
  const rng = createRng(seed);
  const values = Array.from({ length: dims.reduce((a, b) => a * b) }, () => scale * rng.normal());
  return { dims, values };
};

/**
 * Cells of 8 × 8 pixels to 4 means and, where `moments`, 4 log-variances: tanh of a strided convolution with weights
 * drawn from `seed`. With `brings`, it brings images from [-1, 1] to [0, 1] first.
 */
export function tinyVaeEncoder({
  moments = true,
  size,
  seed = "encoder",
  brings = false,
}: { moments?: boolean; size?: number; seed?: string; brings?: boolean } = {}): Uint8Array {
  const channels = moments ? 8 : 4;
  const output = moments ? "latent_parameters" : "latent_sample";
  const cells = size && size / 8;
  return tinyModel({
    inputs: [{ name: "sample", type: "float32", dims: ["batch", 3, size ?? "height", size ?? "width"] }],
    outputs: [
      {
        name: output,
        type: "float32",
        dims: ["batch", channels, cells ?? "rows", cells ?? "columns"],
      },
    ],
    nodes: [
      ...(brings
        ? [
            { op: "Add", inputs: ["sample", "one"], output: "above" },
            { op: "Div", inputs: ["above", "two"], output: "seen" },
          ]
        : []),
      {
        op: "Conv",
        inputs: [brings ? "seen" : "sample", "w"],
        output: "c",
        attributes: { kernel_shape: [8, 8], strides: [8, 8] },
      },
      { op: "Tanh", inputs: ["c"], output },
    ],
    constants: {
      w: normals(seed, [channels, 3, 8, 8], 0.1),
      ...(brings && { one: { dims: [], values: [1] }, two: { dims: [], values: [2] } }),
    },
  });
}

/** 4 channels to cells of 8 × 8 pixels: tanh of a transposed convolution. */
export const tinyVaeDecoder = (batch: number | string = "batch"): Uint8Array =>
  tinyModel({
    inputs: [{ name: "latent_sample", type: "float32", dims: [batch, 4, "rows", "columns"] }],
    outputs: [{ name: "sample", type: "float32", dims: [batch, 3, "height", "width"] }],
    nodes: [
      {
        op: "ConvTranspose",
        inputs: ["latent_sample", "w"],
        output: "c",
        attributes: { kernel_shape: [8, 8], strides: [8, 8] },
      },
      { op: "Tanh", inputs: ["c"], output: "sample" },
    ],
    constants: { w: normals("decoder", [4, 3, 8, 8], 0.3) },
  });

/** A whole folder of tiny parts; any file can be replaced. */
export const tinyFolder = (
  replaced: Readonly<Record<string, Uint8Array | string | object>> = {},
): FolderSource =>
  memoryFolder({
    "tokenizer/tokenizer.json": wordTokenizer(["<pad>", "<bos>", "<eos>", "<unk>", "red"], 4).tokenizer,
    "text_encoder/model.onnx": tinyTextEncoder(),
    "unet/model.onnx": tinyUnet(),
    "vae_encoder/model.onnx": tinyVaeEncoder(),
    "vae_decoder/model.onnx": tinyVaeDecoder(),
    ...replaced,
  });

/** Row i of the embedding is the i-th id, three times. */
const tinyTextEncoder = (): Uint8Array =>
  tinyModel({
    inputs: [{ name: "input_ids", type: "int64", dims: ["batch", 3] }],
    outputs: [{ name: "last_hidden_state", type: "float32", dims: ["batch", 3, 3] }],
    nodes: [
      { op: "Cast", inputs: ["input_ids"], output: "ids", attributes: { to: 1 } },
      { op: "Unsqueeze", inputs: ["ids", "last"], output: "column" },
      { op: "Mul", inputs: ["column", "ones"], output: "last_hidden_state" },
    ],
    constants: {
      last: { dims: [1], values: [2], type: "int64" },
      ones: { dims: [3], values: [1, 1, 1] },
    },
  });
