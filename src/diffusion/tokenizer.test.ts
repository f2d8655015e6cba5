import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { clipTokenizerJson } from "./clip-tokenizer.ts";
import { createTokenizer } from "./tokenizer.ts";

describe("the embedded model's words", () => {
  const read = (name: string) => JSON.parse(readFileSync(`models/mini/tokenizer/${name}.json`, "utf8"));
  const json = read("tokenizer");
  const tokenizer = createTokenizer({ tokenizer: json, config: read("tokenizer_config") });
  const id = (word: string): number => json.model.vocab[word];
  const words = (prompt: string) =>
    tokenizer
      .encode(prompt)
      .ids.filter((_, i) => tokenizer.encode(prompt).mask[i] === 1)
      .slice(1, -1);

  test("case, commas and other punctuation do not matter", () => {
    const expected = ["a", "red", "apple", "on", "grass"].map(id);
    expect(words("a red apple on grass")).toEqual(expected);
    expect(words("A RED apple, on grass!")).toEqual(expected);
    expect(words(" a  red-apple\n(on) grass. ")).toEqual(expected);
  });

  test("a prompt stands between its marks and is padded to the text encoder's length", () => {
    const { ids, mask, truncated } = tokenizer.encode("a red apple");
    expect(ids).toHaveLength(tokenizer.length);
    expect(ids.slice(0, 6)).toEqual([id("<bos>"), id("a"), id("red"), id("apple"), id("<eos>"), id("<pad>")]);
    expect(new Set(ids.slice(5))).toEqual(new Set([id("<pad>")]));
    expect(mask.reduce((sum, bit) => sum + bit)).toBe(5);
    expect(truncated).toBe(false);
    expect(tokenizer.encode("").ids.slice(0, 3)).toEqual([id("<bos>"), id("<eos>"), id("<pad>")]);
  });

  test("a prompt that is too long loses its end, not its marks", () => {
    const { ids, mask, truncated } = tokenizer.encode("red ".repeat(100));
    expect(truncated).toBe(true);
    expect(ids).toEqual([id("<bos>"), ...Array(tokenizer.length - 2).fill(id("red")), id("<eos>")]);
    expect(mask).toEqual(ids.map(() => 1));
  });

  test("unknown words are named as they were written, once", () => {
    expect(tokenizer.unknownWords("A Zebra, a red apple and a zebra-striped Zebra")).toEqual([
      "Zebra",
      "zebra-striped",
    ]);
    expect(tokenizer.unknownWords("a red apple on grass")).toEqual([]);
    expect(tokenizer.unknownWords("a 🦄, a red 🍎! and a 🦄")).toEqual(["🦄", "🍎"]);
  });

  test("the vocabulary is closed and can be listed", () => {
    expect(tokenizer.words).toContain("apple");
    expect(tokenizer.words).not.toContain("<pad>");
    expect(tokenizer.words!.every((word) => tokenizer.unknownWords(word).length === 0)).toBe(true);
  });
});

const MERGES = "../shared/models/bpe_simple_vocab_16e6.txt.gz";
const GOLDEN = "../shared/golden/tokenizer/clip.json";

describe.skipIf(!existsSync(MERGES) || !existsSync(GOLDEN))("CLIP, from its merges", () => {
  const load = (length?: number) => {
    const lines = gunzipSync(readFileSync(MERGES)).toString("utf8").split("\n");
    const merges = lines.slice(1, 49152 - 256 - 2 + 1);
    const bytes = byteCharacters();
    const tokens = [
      ...bytes,
      ...bytes.map((b) => `${b}</w>`),
      ...merges.map((pair) => pair.replace(" ", "")),
    ];
    const vocab = Object.fromEntries(
      [...tokens, "<|startoftext|>", "<|endoftext|>"].map((token, id) => [token, id]),
    );
    const config = { pad_token: "<|endoftext|>", model_max_length: 77 };
    return createTokenizer({ tokenizer: clipTokenizerJson(vocab, merges), config }, length);
  };

  test("reads 77 tokens unless the text encoder says otherwise", () => {
    const { ids, truncated } = load().encode("cat ".repeat(200));
    expect(ids).toEqual([49406, ...Array(75).fill(2368), 49407]);
    expect(truncated).toBe(true);
  });

  test("published token ids", () => {
    // One case is longer than the 77 that CLIP reads.
    const tokenizer = load(128);
    expect(tokenizer.words).toBeUndefined();
    expect(tokenizer.unknownWords("zxqj 生活 🦄")).toEqual([]);
    const { cases } = JSON.parse(readFileSync(GOLDEN, "utf8")) as {
      cases: { text: string; ids: number[] }[];
    };
    for (const { text, ids } of cases) {
      const encoded = tokenizer.encode(text);
      expect(encoded.ids.slice(0, ids.length), text).toEqual(ids);
      expect(new Set(encoded.ids.slice(ids.length)), text).toEqual(new Set([49407]));
    }
  });
});

/** GPT-2's printable stand-ins for the 256 bytes, in the order of CLIP's vocabulary. */
function byteCharacters(): string[] {
  const range = (from: string, to: string) =>
    Array.from({ length: to.codePointAt(0)! - from.codePointAt(0)! + 1 }, (_, i) => from.codePointAt(0)! + i);
  const printable = [...range("!", "~"), ...range("¡", "¬"), ...range("®", "ÿ")];
  const rest = Array.from({ length: 256 }, (_, b) => b).filter((b) => !printable.includes(b));
  return [...printable, ...rest.map((_, i) => 256 + i)].map((code) => String.fromCodePoint(code));
}
