import { tensor } from "../core/tensor.ts";
import type { Tensor } from "../core/tensor.ts";
import { createGraphRunner } from "./graph-runner.ts";
import type { Backend } from "./graph-runner.ts";
import { networkOf } from "./model-folder.ts";
import type { PartLoader } from "./model-folder.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** A prompt as the UNet is told it. The same prompt gives the same object. */
export type PromptEmbedding = Tensor; // [tokens, width]

export interface TextEncoder {
  /** The last hidden state, padding included, as Stable Diffusion's cross-attention reads it. */
  embed(prompt: string): Promise<PromptEmbedding>;
  /** Gives back the network's memory; embeddings stay, and a new prompt loads it again. */
  release(): Promise<void>;
}

/** A run needs at most four; this lets a user go back and forth between some wordings. */
const CACHED_PROMPTS = 64;

export function createTextEncoder(
  { ports, load }: PartLoader<"text_encoder">,
  tokenizer: Tokenizer,
  backend: Backend,
): TextEncoder {
  const runner = createGraphRunner("text_encoder", () => load().then(networkOf), backend);
  const cache = new Map<string, Promise<PromptEmbedding>>();

  const encode = async (prompt: string): Promise<PromptEmbedding> => {
    const { ids, mask } = tokenizer.encode(prompt);
    const dims = [1, ids.length];
    const { cpu } = await runner.run({
      [ports.ids.name]: { data: ids, dims },
      ...(ports.mask && { [ports.mask.name]: { data: mask, dims } }),
    });
    const { data, dims: shape } = cpu[ports.hidden.name]!;
    return tensor(data, shape.slice(1));
  };

  return {
    embed(prompt) {
      const known = cache.get(prompt);
      if (known) return known;
      const embedding = encode(prompt);
      cache.set(prompt, embedding);
      embedding.catch(() => cache.delete(prompt));
      if (cache.size > CACHED_PROMPTS) cache.delete(cache.keys().next().value!);
      return embedding;
    },
    release: runner.dispose,
  };
}
