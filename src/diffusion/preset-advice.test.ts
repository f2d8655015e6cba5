import { expect, it } from "vitest";
import { diskFolder } from "./folder-source.node.ts";
import { adviceFor, readAdvice } from "./preset-advice.ts";
import { openModelFolder } from "./model-folder.ts";
import { createTokenizer } from "./tokenizer.ts";

const advice = readAdvice({ kinds: ["apple", "duck"] }, { kinds: "embedded-ssd-shape" });

it.each([
  ["a red apple on grass", "a Duck, on grass", "duck"],
  ["a red apple on grass", "a blue apple on grass", undefined],
  ["a red apple on grass", "a red duckling on grass", undefined],
  ["a statue", "a duck", undefined],
  ["", "a duck", undefined],
])("from “%s” to “%s” brings in: %s", (source, target, word) => {
  expect(adviceFor(advice, { source, target })).toEqual(word && { word, preset: "embedded-ssd-shape" });
});

it.each([
  ["no lists", undefined, { kinds: "embedded-ssd-shape" }],
  ["another list", { kinds: ["apple"] }, { materials: "embedded-ssd-shape" }],
  ["a list that is none", { kinds: "apple" }, { kinds: "embedded-ssd-shape" }],
  ["an unknown preset", { kinds: ["apple"] }, { kinds: "magic" }],
  ["nothing", { kinds: ["apple"] }, null],
])("reads no advice from %s", (_, vocabulary, presetFor) => {
  expect(readAdvice(vocabulary, presetFor)).toEqual([]);
});

it("is in the embedded model's card, in words that the model knows", async () => {
  const { card, tokenizer } = await openModelFolder(diskFolder("models/mini"));
  expect(card.advice.map(({ preset }) => preset)).toEqual(["embedded-ssd-shape"]);
  const words = card.advice.flatMap((each) => each.words).join(" ");
  expect(createTokenizer(tokenizer).unknownWords(words)).toEqual([]);
});
