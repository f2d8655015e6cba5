import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UserError } from "../core/errors.ts";
import { diskFolder } from "./folder-source.node.ts";
import { openModelFolder } from "./model-folder.ts";
import { memoryFolder } from "./testing/memory-folder.ts";

const MINI = "models/mini";
const files = Object.fromEntries(
  readdirSync(MINI, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(MINI.length + 1).replaceAll("\\", "/"), new Uint8Array(readFileSync(path))]),
);
const without = (...paths: string[]) =>
  memoryFolder(Object.fromEntries(Object.entries(files).filter(([path]) => !paths.includes(path))));
const withFile = (path: string, content: string | object) => memoryFolder({ ...files, [path]: content });

const complaint = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).hint).not.toBe("");
  return (error as UserError).message;
};

test("the embedded model's folder tells all there is to know", async () => {
  const folder = await openModelFolder(diskFolder(MINI));
  const vae = JSON.parse(readFileSync(`${MINI}/vae_encoder/config.json`, "utf8"));
  expect(folder.vae).toMatchObject({ scaling: vae.scaling_factor, shift: 0 });
  expect(folder.scheduler.prediction_type).toBe("epsilon");
  expect(folder.card).toMatchObject({ family: "embedded", licence: "MIT" });
  expect(folder.card.examples.length).toBeGreaterThan(3);
  const unet = await folder.graph("unet");
  expect(unet.ports.sample.dims.slice(1)).toEqual([4, folder.sampleSize, folder.sampleSize]);
  expect(unet.externalData).toEqual([]);
});

describe("what is missing is named, all of it", () => {
  test("networks", async () => {
    const message = await complaint(openModelFolder(without("vae_encoder/model.onnx", "unet/model.onnx")));
    expect(message).toContain("test-model");
    expect(message).toContain("vae_encoder/model.onnx");
    expect(message).toContain("unet/model.onnx");
    expect(message).not.toContain("vae_decoder");
  });
  test("the tokenizer", async () => {
    expect(await complaint(openModelFolder(without("tokenizer/tokenizer.json")))).toContain("tokenizer.json");
  });
});

test("small files that only help may be missing", async () => {
  const folder = await openModelFolder(
    without(
      "splatsmith.json",
      "README.md",
      "model_index.json",
      "scheduler/scheduler_config.json",
      "vae_encoder/config.json",
      "vae_decoder/config.json",
      "unet/config.json",
    ),
  );
  expect(folder.card).toMatchObject({ name: "test-model", family: "sd", licence: undefined, examples: [] });
  expect(folder.vae).toEqual({ scaling: 0.18215, shift: 0, downscale: 8 });
  expect(folder.sampleSize).toBeUndefined();
});

test("what pads a prompt is read as transformers reads it: older folders are overruled by their map", async () => {
  const padOf = async (config: object): Promise<unknown> => {
    const folder = await openModelFolder(
      memoryFolder({
        ...files,
        "tokenizer/tokenizer_config.json": { model_max_length: 77, pad_token: "<|endoftext|>", ...config },
        "tokenizer/special_tokens_map.json": { pad_token: "!" },
      }),
    );
    return folder.tokenizer.config.pad_token;
  };
  expect(await padOf({})).toBe("!"); // as Stable Diffusion 2 has it
  expect(await padOf({ added_tokens_decoder: {} })).toBe("<|endoftext|>");
});

test("a hub's licence is read from its README", async () => {
  const { "splatsmith.json": _, ...rest } = files;
  const folder = await openModelFolder(
    memoryFolder({
      ...rest,
      "README.md": "---\ntags: [x]\nlicense: creativeml-openrail-m\n---\n# A model\nlicense: no\n",
    }),
  );
  expect(folder.card.licence).toBe("creativeml-openrail-m");
});

test("a folder with vocab.json and merges.txt has a tokenizer", async () => {
  const { "tokenizer/tokenizer.json": _, ...rest } = files;
  const vocab = { c: 0, a: 1, "t</w>": 2, ca: 3, "cat</w>": 4, "<|startoftext|>": 5, "<|endoftext|>": 6 };
  const folder = await openModelFolder(
    memoryFolder({
      ...rest,
      "tokenizer/vocab.json": vocab,
      "tokenizer/merges.txt": "#version: 0.2\nc a\nca t</w>\n",
    }),
  );
  expect(folder.tokenizer.tokenizer).toMatchObject({ model: { type: "BPE", merges: ["c a", "ca t</w>"] } });
});

describe("a damaged file is named", () => {
  test.each([
    ["scheduler/scheduler_config.json", "{ not json"],
    ["tokenizer/tokenizer.json", "[]"],
    ["vae_encoder/config.json", "null"],
  ])("%s", async (path, content) => {
    expect(await complaint(openModelFolder(withFile(path, content)))).toContain(path);
  });

  test.each([
    ["version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", /Git LFS pointer/],
    ["<!doctype html><title>404</title>", /web page/],
    ["", /empty/],
  ])("a network that is %j", async (content, says) => {
    const folder = await openModelFolder(withFile("unet/model.onnx", content));
    const message = await complaint(folder.graph("unet"));
    expect(message).toContain("unet/model.onnx");
    expect(message).toMatch(says);
  });

  test("a network cut short", async () => {
    const cut = (files["unet/model.onnx"] as Uint8Array).subarray(0, 100_000);
    const folder = await openModelFolder(memoryFolder({ ...files, "unet/model.onnx": cut }));
    expect(await complaint(folder.graph("unet"))).toContain("unet/model.onnx");
  });

  test("a scaling factor that cannot be", async () => {
    expect(
      await complaint(openModelFolder(withFile("vae_encoder/config.json", { scaling_factor: 0 }))),
    ).toContain("scaling_factor");
  });
});
