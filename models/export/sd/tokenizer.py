"""CLIP's tokenizer files: those of a checkpoint, or a miniature vocabulary in the same format."""

import json
import shutil
from pathlib import Path

# The most frequent pairs of short English words, enough for a miniature to merge something.
WORDS = "a photo of the apple bear on grass red blue".split()
FILES = ("vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json", "tokenizer.json")


def write_tokenizer(folder, text, source=None):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if source:
        for name in FILES:
            if (Path(source) / name).exists():
                shutil.copy(Path(source) / name, folder / name)
        return
    merges = _merges()
    letters = list(_bytes_to_characters().values())
    symbols = [*letters, *(letter + "</w>" for letter in letters), *("".join(pair) for pair in merges)]
    special = ["<|startoftext|>", "<|endoftext|>"]
    filler = [f"<|unused{i}|>" for i in range(text["vocab_size"] - len(symbols) - len(special))]
    vocabulary = {symbol: i for i, symbol in enumerate([*symbols, *filler, *special])}
    assert len(vocabulary) == text["vocab_size"], f"{len(vocabulary)} symbols"
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = {
        "tokenizer_class": "CLIPTokenizer",
        "model_max_length": text["max_position_embeddings"],
        "bos_token": special[0],
        "eos_token": special[1],
        "pad_token": special[1],
        "unk_token": special[1],
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n")


def _merges():
    """Letter by letter from the left, as byte-pair encoding builds a word it has seen often."""
    merges = []
    for word in WORDS:
        parts = [*word[:-1], word[-1] + "</w>"]
        while len(parts) > 1:
            if tuple(parts[:2]) not in merges:
                merges.append(tuple(parts[:2]))
            parts = [parts[0] + parts[1], *parts[2:]]
    return merges


def _bytes_to_characters():
    """Every byte as a printable character (Radford et al. 2019)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    codes = {**{b: b for b in plain}, **{b: 256 + i for i, b in enumerate(others)}}
    return {b: chr(code) for b, code in codes.items()}
