import type { Tokenizer } from "./tokenizer.ts";

/** What a model will not read of a prompt. */
export interface PromptCheck {
  /** Words it does not know, each once. */
  readonly unknown: readonly string[];
  /** The end of a prompt that is longer than the text encoder reads; "" when all of it is read. */
  readonly cut: string;
}

export const ALL_READ: PromptCheck = { unknown: [], cut: "" };

export function checkPrompt(
  tokenizer: Pick<Tokenizer, "encode" | "unknownWords">,
  prompt: string,
): PromptCheck {
  return { unknown: tokenizer.unknownWords(prompt), cut: cutOf(tokenizer, prompt) };
}

/** From the first word that does not fit on; a word that is read by half counts as cut. */
function cutOf({ encode }: Pick<Tokenizer, "encode">, prompt: string): string {
  if (!encode(prompt).truncated) return "";
  const words = prompt.split(/(?<=\s)/);
  let [fits, tooMany] = [0, words.length];
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (encode(words.slice(0, middle).join("")).truncated) tooMany = middle;
    else fits = middle;
  }
  return words.slice(fits).join("").trim();
}
