import { describe, expect, test } from "vitest";
import { UserError } from "../core/errors.ts";
import { findLayout, placeWeights, WHOLE_MODEL } from "./layout.ts";

const PARTS = ["text_encoder", "unet", "vae_encoder", "vae_decoder"];
const TOKENIZER = ["tokenizer/vocab.json", "tokenizer/merges.txt"];
const SCHEDULER = "scheduler/scheduler_config.json";

const layoutOf = (paths: readonly string[], options = WHOLE_MODEL) => {
  const layout = findLayout(paths, options);
  return { ...layout, from: Object.fromEntries(layout.files.map(({ path, from }) => [path, from])) };
};

describe("ways in which public folders are laid out", () => {
  test("diffusers' script: a folder for each part, weights.pb beside the UNet", () => {
    const paths = [...PARTS.map((part) => `${part}/model.onnx`), "unet/weights.pb", ...TOKENIZER, SCHEDULER];
    const { from, missing, notes } = layoutOf([...paths, "safety_checker/model.onnx", ".gitattributes"]);
    expect(from).toEqual(Object.fromEntries(paths.map((path) => [path, path])));
    expect([missing, notes]).toEqual([[], []]);
  });

  test("optimum: model.onnx_data", () => {
    const { from } = layoutOf([
      ...PARTS.map((part) => `${part}/model.onnx`),
      "unet/model.onnx_data",
      ...TOKENIZER,
      SCHEDULER,
    ]);
    expect(from["unet/model.onnx_data"]).toBe("unet/model.onnx_data");
  });

  test("transformers.js: an onnx folder with a file for each part", () => {
    const { from, missing } = layoutOf([
      ...PARTS.map((part) => `onnx/${part}.onnx`),
      "onnx/unet.onnx_data",
      "onnx/safety_checker.onnx",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    expect(missing).toEqual([]);
    expect(from).toMatchObject({
      "unet/model.onnx": "onnx/unet.onnx",
      "unet/unet.onnx_data": "onnx/unet.onnx_data",
      "vae_encoder/model.onnx": "onnx/vae_encoder.onnx",
      "tokenizer/tokenizer.json": "tokenizer.json",
    });
  });

  test("Microsoft: one flat folder, long names, no encoder", () => {
    const { graphs, missing } = layoutOf([
      "sd-unet-v1.5-model-b2c4h64w64s77-float16-compute-and-inputs-layernorm.onnx",
      "stable-diffusion-v1.5-text-encoder-float16.onnx",
      "Stable-Diffusion-v1.5-vae-decoder-float16-fp32-instancenorm.onnx",
      "safety_checker_int32_reduceSum.onnx",
      ...TOKENIZER,
    ]);
    expect(graphs.map(({ part }) => part)).toEqual(["text_encoder", "unet", "vae_decoder"]);
    expect(missing).toEqual(["vae_encoder/model.onnx"]);
  });

  test("everything one folder down", () => {
    const { from, missing } = layoutOf(
      [...PARTS.map((part) => `${part}/model.onnx`), ...TOKENIZER, SCHEDULER].map((path) => `sd15/${path}`),
    );
    expect(missing).toEqual([]);
    expect(from[SCHEDULER]).toBe(`sd15/${SCHEDULER}`);
    expect(from["unet/model.onnx"]).toBe("sd15/unet/model.onnx");
  });

  test("an encoder alone, without the decoder beside it", () => {
    for (const paths of [
      ["vae_encoder/model.onnx", "vae_decoder/model.onnx"],
      ["taesd_encoder.onnx", "taesd_decoder.onnx"],
      ["encoder.onnx", "decoder.onnx"],
    ]) {
      const { graphs, missing } = layoutOf(paths, { ...WHOLE_MODEL, purpose: "codec" });
      expect(graphs.map(({ from }) => from)).toEqual(paths.slice(0, 1));
      expect(missing).toEqual([]);
    }
  });
});

describe("several editions of one part", () => {
  const editions = [
    "unet/model.onnx",
    "unet/model_fp16.onnx",
    "unet/model_quantized.onnx",
    "unet/model_fp32.onnx",
  ];
  const unet = (prefer: "fp16" | "fp32") =>
    layoutOf(editions, { ...WHOLE_MODEL, prefer }).from["unet/model.onnx"];

  test("the preferred is taken, and that there are others is said", () => {
    expect(unet("fp16")).toBe("unet/model_fp16.onnx");
    expect(unet("fp32")).toBe("unet/model_fp32.onnx");
    expect(layoutOf(editions).notes[0]).toContain("unet/model_quantized.onnx");
  });

  test("each has its own weights beside it", () => {
    const { files } = layoutOf(editions.flatMap((path) => [path, `${path}_data`]));
    expect(files.map(({ from }) => from)).toEqual(["unet/model_fp16.onnx", "unet/model_fp16.onnx_data"]);
  });
});

test("what is missing is named, all of it", () => {
  const { missing, notes } = layoutOf(["unet/model.onnx", "text_encoder_2/model.onnx"]);
  expect(missing).toEqual([
    "text_encoder/model.onnx",
    "vae_encoder/model.onnx",
    "vae_decoder/model.onnx",
    "tokenizer/tokenizer.json (or vocab.json and merges.txt beside it)",
  ]);
  expect(notes).toEqual([expect.stringContaining("noise schedule")]);
});

test("weights that a graph names lie where the graph lies", () => {
  const graph = { path: "unet/model.onnx", from: "onnx/unet.onnx" };
  expect(placeWeights(graph, "./unet.bin")).toEqual({ path: "unet/unet.bin", from: "onnx/unet.bin" });
  for (const location of ["../../etc/passwd", "/etc/passwd", "..\\x", "a/../../x", "C:x"])
    expect(() => placeWeights(graph, location)).toThrow(UserError);
});
