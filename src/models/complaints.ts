import { UserError } from "../core/errors.ts";

import type { Purpose } from "./layout.ts";

const HINTS: Readonly<Record<Purpose, string>> = {
  model:
    "It should be laid out as diffusers or optimum lay out ONNX models: text_encoder, unet, vae_encoder and " +
    "vae_decoder, each with a model.onnx, and tokenizer.",
  codec: "It should be laid out as a model's folder is; of an encoder, only that part is needed.",
};

/** Throws a UserError that names all that a folder lacks, if it lacks anything. */
export function refuseLack(name: string, missing: readonly string[], purpose: Purpose): void {
  if (missing.length > 0) throw new UserError(`${name} has no ${missing.join(", no ")}.`, HINTS[purpose]);
}

/** Throws a UserError that names the files that something is wrong with, if there are any. */
export function refuseWrong(name: string, wrong: string, files: readonly string[]): void {
  if (files.length > 0) throw new UserError(`${name} ${wrong} ${files.join(", ")}.`, HINTS.model);
}
