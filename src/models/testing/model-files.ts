import { tinyModel } from "../../diffusion/testing/tiny-model.ts";
import type { TinyPort } from "../../diffusion/testing/tiny-model.ts";
import type { Part } from "../../diffusion/ports.ts";

const IMAGE: TinyPort = { name: "sample", type: "float32", dims: [1, 3, 64, 64] };
const LATENT: TinyPort = { name: "latent_sample", type: "float32", dims: [1, 4, 8, 8] };

const PORTS: Readonly<Record<Part, { readonly inputs: readonly TinyPort[]; readonly output: TinyPort }>> = {
  text_encoder: {
    inputs: [{ name: "input_ids", type: "int32", dims: [1, 77] }],
    output: { name: "last_hidden_state", type: "float32", dims: [1, 77, 8] },
  },
  unet: {
    inputs: [
      { name: "sample", type: "float32", dims: [1, 4, 8, 8] },
      { name: "timestep", type: "float32", dims: [1] },
      { name: "encoder_hidden_states", type: "float32", dims: [1, 77, 8] },
    ],
    output: { name: "out_sample", type: "float32", dims: [1, 4, 8, 8] },
  },
  vae_encoder: { inputs: [IMAGE], output: { ...LATENT } },
  vae_decoder: { inputs: [LATENT], output: { ...IMAGE, name: "image" } },
};

/** A graph with the inputs and output of a part, and nothing in it but a constant in a file of its own, if asked. */
export function graphOf(
  part: Part,
  weights?: { readonly location: string; readonly count: number },
): Uint8Array {
  const { inputs, output } = PORTS[part];
  return tinyModel({
    inputs,
    outputs: [output],
    nodes: [{ op: "Identity", inputs: [inputs[0]!.name], output: output.name }],
    constants: { padding: { dims: [64], values: Array.from({ length: 64 }, (_, i) => i) } },
    ...(weights && { external: { weights: { dims: [weights.count], location: weights.location } } }),
  });
}

/** Bytes that look like nothing. */
export const noise = (length: number, seed = 1): Uint8Array => {
  let state = seed;
  return Uint8Array.from({ length }, () => (state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16);
};

export const WEIGHTS_BYTES = 400_000;

/** A whole model in diffusers' layout, its UNet with weights in a file of their own. */
export function modelFiles(): Record<string, Uint8Array | string> {
  return {
    "model_index.json": JSON.stringify({ _class_name: "OnnxStableDiffusionPipeline" }),
    "scheduler/scheduler_config.json": JSON.stringify({ beta_schedule: "scaled_linear" }),
    "tokenizer/vocab.json": JSON.stringify({ "<|startoftext|>": 0, "<|endoftext|>": 1, "a</w>": 2 }),
    "tokenizer/merges.txt": "#version: 0.2\n",
    "tokenizer/tokenizer_config.json": JSON.stringify({ model_max_length: 77 }),
    "text_encoder/model.onnx": graphOf("text_encoder"),
    "unet/model.onnx": graphOf("unet", { location: "weights.pb", count: WEIGHTS_BYTES / 4 }),
    "unet/weights.pb": noise(WEIGHTS_BYTES),
    "vae_encoder/model.onnx": graphOf("vae_encoder"),
    "vae_decoder/model.onnx": graphOf("vae_decoder"),
    "README.md": "---\nlicense: mit\n---\n# A model\n",
    ".gitattributes": "*.onnx filter=lfs\n",
    "safety_checker/model.onnx": graphOf("vae_encoder"),
  };
}
