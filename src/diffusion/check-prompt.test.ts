import { expect, test } from "vitest";
import { checkPrompt } from "./check-prompt.ts";
import { openModelFolder } from "./model-folder.ts";
import { exportedFolder } from "./testing/exports.ts";
import { createTokenizer } from "./tokenizer.ts";

const CLIP_WORDS = 75; // of the 77 tokens, two are the marks around the prompt

test("the end of a prompt that CLIP does not read is told word by word", async () => {
  const { tokenizer: files } = await openModelFolder(exportedFolder("sd15-diffusers"));
  const tokenizer = createTokenizer(files, 77);
  const fitting = Array.from({ length: CLIP_WORDS }, () => "apple").join(" ");
  expect(checkPrompt(tokenizer, fitting)).toEqual({ unknown: [], cut: "" });
  expect(checkPrompt(tokenizer, `${fitting}  the photo of\nan apple `).cut).toBe("the photo of\nan apple");
});

test("one word that is too long is cut as a whole", async () => {
  const { tokenizer: files } = await openModelFolder(exportedFolder("sd15-diffusers"));
  const word = "x".repeat(300);
  expect(checkPrompt(createTokenizer(files, 77), word).cut).toBe(word);
});
