/**
 * CLIP's byte-pair tokenizer as a `tokenizer.json`, for the many Stable Diffusion folders that come with vocab.json
 * and merges.txt alone. Pattern and steps are those of OpenAI's CLIP (simple_tokenizer.py).
 */
const START = "<|startoftext|>";
const END = "<|endoftext|>";
const WORD_PATTERN = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

/** @param merges lines of merges.txt: a version line, then one pair a line */
export function clipTokenizerJson(
  vocab: Readonly<Record<string, number>>,
  merges: readonly string[],
): object {
  const special = (content: string) => ({
    id: vocab[content],
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: true,
    special: true,
  });
  return {
    version: "1.0",
    added_tokens: [special(START), special(END)],
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "NFC" },
        { type: "Replace", pattern: { Regex: "\\s+" }, content: " " },
        { type: "Lowercase" },
      ],
    },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: WORD_PATTERN }, behavior: "Removed", invert: true },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: {
      type: "RobertaProcessing",
      sep: [END, vocab[END]],
      cls: [START, vocab[START]],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: null,
    model: {
      type: "BPE",
      unk_token: END,
      continuing_subword_prefix: "",
      end_of_word_suffix: "</w>",
      vocab,
      merges: merges.filter((line) => line !== "" && !line.startsWith("#version")),
    },
  };
}
