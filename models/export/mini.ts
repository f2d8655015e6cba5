/**
 * Lays a trained miniature model out as a diffusers ONNX folder, the form every loader of this project reads.
 *
 *   node src/cli/launch.mjs models/export/mini.ts <exported> <folder> [--suffix _int8]
 *
 * `<exported>` holds what training exports: text_encoder, unet, vae_encoder and vae_decoder (`<part><suffix>.onnx`)
 * and config.json (scaling_factor, vocab, max_length, beta_schedule, beta_start, beta_end, prediction_type).
 * Everything else in `<folder>` (the card, the examples) is written by hand and stays as it is.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { wordTokenizer } from "./word-tokenizer.ts";

/** What training knows of the model beside its weights. */
interface ExportedConfig {
  readonly scaling_factor: number;
  readonly vocab: readonly string[];
  readonly max_length: number;
  readonly beta_schedule: string;
  readonly beta_start: number;
  readonly beta_end: number;
  readonly prediction_type: string;
  /** Pixels a side of the training pictures. */
  readonly sample_size?: number;
}

const TRAIN_STEPS = 1000;
const LATENT_CHANNELS = 4;
const DOWNSCALE = 8;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { suffix: { type: "string", default: "_int8" } },
});
const [exported, folder] = positionals;
if (!exported || !folder) throw new Error("usage: mini.ts <exported> <folder> [--suffix _int8]");

const config = JSON.parse(readFileSync(join(exported, "config.json"), "utf8")) as ExportedConfig;
const pixels = config.sample_size ?? 128;
const { tokenizer, tokenizerConfig } = wordTokenizer(config.vocab, config.max_length);

const vae = {
  _class_name: "AutoencoderKL",
  in_channels: 3,
  out_channels: 3,
  latent_channels: LATENT_CHANNELS,
  sample_size: pixels,
  scaling_factor: config.scaling_factor,
};

const JSON_FILES: Readonly<Record<string, unknown>> = {
  "model_index.json": {
    _class_name: "OnnxStableDiffusionPipeline",
    scheduler: ["diffusers", "DDIMScheduler"],
    text_encoder: ["diffusers", "OnnxRuntimeModel"],
    tokenizer: ["transformers", "PreTrainedTokenizerFast"],
    unet: ["diffusers", "OnnxRuntimeModel"],
    vae_decoder: ["diffusers", "OnnxRuntimeModel"],
    vae_encoder: ["diffusers", "OnnxRuntimeModel"],
  },
  "scheduler/scheduler_config.json": {
    _class_name: "DDIMScheduler",
    num_train_timesteps: TRAIN_STEPS,
    beta_schedule: config.beta_schedule,
    beta_start: config.beta_start,
    beta_end: config.beta_end,
    prediction_type: config.prediction_type,
    clip_sample: false,
    set_alpha_to_one: false,
  },
  "tokenizer/tokenizer.json": tokenizer,
  "tokenizer/tokenizer_config.json": tokenizerConfig,
  "text_encoder/config.json": {
    vocab_size: config.vocab.length,
    max_position_embeddings: config.max_length,
  },
  "unet/config.json": {
    _class_name: "UNet2DConditionModel",
    in_channels: LATENT_CHANNELS,
    out_channels: LATENT_CHANNELS,
    sample_size: pixels / DOWNSCALE,
  },
  "vae_encoder/config.json": vae,
  "vae_decoder/config.json": vae,
};

for (const [path, content] of Object.entries(JSON_FILES)) {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify(content, null, 1) + "\n");
}
for (const part of ["text_encoder", "unet", "vae_encoder", "vae_decoder"]) {
  mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(
    join(folder, part, "model.onnx"),
    readFileSync(join(exported, `${part}${values.suffix}.onnx`)),
  );
}
