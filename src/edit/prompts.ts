import type { PromptRole } from "../diffusion/methods/method.ts";
import type { PromptEmbedding, TextEncoder } from "../diffusion/text-encoder.ts";
import type { EditSettings } from "./settings.ts";

/** Embeddings of everything a method may ask about. Prompts seen before come from the encoder's cache. */
export async function embedPrompts(
  encoder: TextEncoder,
  { source, target, negative }: EditSettings,
): Promise<Record<PromptRole, PromptEmbedding>> {
  return {
    target: await encoder.embed(target),
    source: await encoder.embed(source),
    null: await encoder.embed(""),
    negative: await encoder.embed(negative),
  };
}
