import { Tokenizer as HubTokenizer } from "@huggingface/tokenizers";
import { UserError } from "../core/errors.ts";

export interface EncodedPrompt {
  /** Padded to the text encoder's length. */
  readonly ids: readonly number[]; // [tokens]
  /** 1 for the prompt and its start and end marks, 0 for padding. */
  readonly mask: readonly number[]; // [tokens]
  /** The prompt was longer than the text encoder reads; its end was dropped. */
  readonly truncated: boolean;
}

export interface Tokenizer {
  /** What the text encoder reads, start and end marks included. */
  readonly length: number;
  /** All the words there are, sorted, when the model cannot spell others; undefined for an open vocabulary. */
  readonly words: readonly string[] | undefined;
  encode(prompt: string): EncodedPrompt;
  /** Words and emoji of a prompt that the model does not know, as written, each once. */
  unknownWords(prompt: string): readonly string[];
}

/** The fields read of tokenizer.json and tokenizer_config.json (or special_tokens_map.json). */
export interface TokenizerFiles {
  readonly tokenizer: object;
  readonly config: {
    readonly model_max_length?: number;
    readonly pad_token?: SpecialToken;
    readonly unk_token?: SpecialToken;
    readonly [other: string]: unknown;
  };
}
type SpecialToken = string | { readonly content: string } | null;

/**
 * @param length the text encoder's sequence length; without one the tokenizer's own limit holds
 */
export function createTokenizer({ tokenizer: json, config }: TokenizerFiles, length?: number): Tokenizer {
  const hub = open(json, config);
  const tokens = length ?? ownLength(config);
  const pad = padId(hub, json, config);
  const unknown = unknownId(hub, json);

  const isUnknown = (word: string): boolean => {
    if (unknown === undefined) return false;
    const { ids } = hub.encode(word, { add_special_tokens: false });
    return ids.length === 0 || ids.includes(unknown); // symbols may be dropped rather than marked
  };

  return {
    length: tokens,
    words: unknown !== undefined && LETTERS.some(isUnknown) ? vocabularyWords(hub) : undefined,
    encode(prompt) {
      const full = hub.encode(prompt).ids;
      const kept = truncate(full, hub.encode(prompt, { add_special_tokens: false }).ids, tokens);
      const padding = tokens - kept.length;
      return {
        ids: [...kept, ...Array<number>(padding).fill(pad)],
        mask: [...kept.map(() => 1), ...Array<number>(padding).fill(0)],
        truncated: kept.length < full.length,
      };
    },
    unknownWords(prompt) {
      const words = prompt.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|\p{Extended_Pictographic}/gu) ?? [];
      return [...new Set(words.filter(isUnknown))];
    },
  };
}

/** A model that knows no word for one of these cannot spell, so its vocabulary is all there is. */
const LETTERS = [..."bcdfghjklmnpqrstvwxyz"];

/** The usual limit of CLIP, when a folder names none. */
const CLIP_LENGTH = 77;

function ownLength({ model_max_length: limit }: TokenizerFiles["config"]): number {
  // Hugging Face writes "no limit" as 1e30.
  return limit !== undefined && limit < 100_000 ? limit : CLIP_LENGTH;
}

function open(json: object, config: object): HubTokenizer {
  try {
    return new HubTokenizer(json, config);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`The model's tokenizer cannot be read: ${reason}`, "Check the tokenizer folder.", {
      cause,
    });
  }
}

const content = (token: SpecialToken | undefined): string | undefined =>
  typeof token === "string" ? token : (token?.content ?? undefined);

/** Stable Diffusion 1.x pads with its end mark, 2.x with "!"; only the files tell. */
function padId(hub: HubTokenizer, json: object, config: TokenizerFiles["config"]): number {
  const named = content(config.pad_token);
  const byName = named === undefined ? undefined : hub.token_to_id(named);
  const { padding } = json as { padding?: { pad_id?: number } | null };
  return byName ?? padding?.pad_id ?? hub.encode("").ids.at(-1) ?? 0;
}

/** Byte-level models name an unknown token that no text can reach; it is also their end mark, so it does not count. */
function unknownId(hub: HubTokenizer, json: object): number | undefined {
  const { unk_token } = (json as { model?: { unk_token?: string | null } }).model ?? {};
  const id = unk_token ? hub.token_to_id(unk_token) : undefined;
  return id === undefined || hub.encode("").ids.includes(id) ? undefined : id;
}

/** Drops the end of the prompt, never the start and end marks around it. */
function truncate(full: readonly number[], body: readonly number[], length: number): readonly number[] {
  if (full.length <= length) return full;
  const marks = full.length - body.length;
  const before = Array.from({ length: marks + 1 }, (_, i) => i).find((i) =>
    body.every((id, j) => full[i + j] === id),
  )!;
  return [...full.slice(0, before), ...body.slice(0, length - marks), ...full.slice(before + body.length)];
}

const vocabularyWords = (hub: HubTokenizer): readonly string[] =>
  [...hub.get_vocab(false).keys()].filter((word) => /^[\p{L}\p{N}]+$/u.test(word)).sort();
