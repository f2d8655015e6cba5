import { existsSync, readFileSync } from "node:fs";
import { wordTokenizer } from "../../../models/export/word-tokenizer.ts";
import type { FolderSource } from "../folder-source.ts";
import { PARTS } from "../ports.ts";
import { memoryFolder } from "./memory-folder.ts";

const STUDY = "../shared/minisd/onnx";

/** Whether the study's weights and reference values lie beside the repository. */
export const hasStudy = existsSync(`${STUDY}/ref.json`);

export interface Reference {
  readonly inputs: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>
  >;
  readonly output: {
    readonly name: string;
    readonly shape: readonly number[];
    readonly data: readonly number[];
  };
}

/** What torch computed for each part, batch of two. */
export const readReferences = (): Readonly<Record<string, Reference>> =>
  JSON.parse(readFileSync(`${STUDY}/ref.json`, "utf8"));

const readConfig = () => JSON.parse(readFileSync(`${STUDY}/config.json`, "utf8"));

export const studyScaling = (): number => readConfig().scaling_factor;

/** The study's model as a folder, in one of its precisions. */
export function studyFolder(suffix: "" | "_fp16" | "_int8"): FolderSource {
  const config = readConfig();
  const { tokenizer, tokenizerConfig } = wordTokenizer(config.vocab, config.max_length);
  const graphs = PARTS.map((part) => [
    `${part}/model.onnx`,
    new Uint8Array(readFileSync(`${STUDY}/${part}${suffix}.onnx`)),
  ]);
  return memoryFolder({
    ...Object.fromEntries(graphs),
    "tokenizer/tokenizer.json": tokenizer,
    "tokenizer/tokenizer_config.json": tokenizerConfig,
    "vae_encoder/config.json": { scaling_factor: config.scaling_factor },
  });
}
