/**
 * A word-level tokenizer in the format of Hugging Face's `tokenizers`: lower case, words split at everything that is
 * neither letter nor digit, one id a word, `<bos> … <eos>`, padded with `<pad>`.
 *
 * The model is WordPiece without continuation pieces, which is word level exactly (a word is whole in the
 * vocabulary or it is `<unk>`) and, unlike the type WordLevel, is known to every implementation of the format.
 */
export function wordTokenizer(
  vocabulary: readonly string[],
  maxLength: number,
): { readonly tokenizer: object; readonly tokenizerConfig: object } {
  const vocab = Object.fromEntries(vocabulary.map((word, id) => [word, id]));
  const special = (token: string) => ({ id: requireId(vocab, token), content: token });
  const specials = ["<pad>", "<bos>", "<eos>", "<unk>"].map(special);
  const template = (token: string) => ({ SpecialToken: { id: token, type_id: 0 } });
  const templateToken = (token: string) => ({ id: token, ids: [requireId(vocab, token)], tokens: [token] });

  const tokenizer = {
    version: "1.0",
    truncation: { direction: "Right", max_length: maxLength, strategy: "LongestFirst", stride: 0 },
    padding: {
      strategy: { Fixed: maxLength },
      direction: "Right",
      pad_to_multiple_of: null,
      pad_id: requireId(vocab, "<pad>"),
      pad_type_id: 0,
      pad_token: "<pad>",
    },
    added_tokens: specials.map((token) => ({
      ...token,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: { type: "Sequence", normalizers: [{ type: "NFKC" }, { type: "Lowercase" }] },
    pre_tokenizer: {
      type: "Split",
      pattern: { Regex: "[^\\p{L}\\p{N}]+" },
      behavior: "Removed",
      invert: false,
    },
    post_processor: {
      type: "TemplateProcessing",
      single: [template("<bos>"), { Sequence: { id: "A", type_id: 0 } }, template("<eos>")],
      pair: [
        template("<bos>"),
        { Sequence: { id: "A", type_id: 0 } },
        { Sequence: { id: "B", type_id: 0 } },
        template("<eos>"),
      ],
      special_tokens: { "<bos>": templateToken("<bos>"), "<eos>": templateToken("<eos>") },
    },
    decoder: null,
    model: {
      type: "WordPiece",
      unk_token: "<unk>",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab,
    },
  };
  const tokenizerConfig = {
    tokenizer_class: "PreTrainedTokenizerFast",
    model_max_length: maxLength,
    pad_token: "<pad>",
    bos_token: "<bos>",
    eos_token: "<eos>",
    unk_token: "<unk>",
  };
  return { tokenizer, tokenizerConfig };
}

function requireId(vocab: Readonly<Record<string, number>>, token: string): number {
  const id = vocab[token];
  if (id === undefined) throw new Error(`the vocabulary has no ${token}`);
  return id;
}
