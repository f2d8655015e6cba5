import { describe, expect, test } from "vitest";
import type { Port } from "../onnx/model.ts";
import { findPorts } from "./ports.ts";

const port = (name: string, dtype: Port["dtype"], ...dims: (number | string)[]): Port => ({
  name,
  dtype,
  dims,
});
const names = (ports: object): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(ports).map(([role, found]) => [role, (found as Port | undefined)?.name]));

const prediction = [port("out_sample", "float32", "b", 4, "h", "w")];

describe("a UNet's inputs are found however they were exported", () => {
  test.each([
    [
      "diffusers",
      [
        port("sample", "float32", "batch", "channels", "height", "width"),
        port("timestep", "float32", "batch"),
        port("encoder_hidden_states", "float32", "batch", "sequence", 768),
      ],
    ],
    [
      "optimum, scalar timestep, other order",
      [
        port("timestep", "float32"),
        port("encoder_hidden_states", "float16", "batch_size", "sequence_length", 768),
        port("sample", "float16", "batch_size", 4, "height", "width"),
      ],
    ],
    [
      "fixed shapes, int64 timestep",
      [
        port("sample", "float16", 2, 4, 64, 64),
        port("timestep", "int64", 2),
        port("encoder_hidden_states", "float16", 2, 77, 768),
      ],
    ],
  ])("%s", (_, inputs) => {
    expect(names(findPorts("unet", { inputs, outputs: prediction }))).toEqual({
      sample: "sample",
      timestep: "timestep",
      context: "encoder_hidden_states",
      prediction: "out_sample",
    });
  });
});

describe("a text encoder", () => {
  const outputs = [
    port("pooler_output", "float32", "b", 768),
    port("last_hidden_state", "float32", "b", 77, 768),
  ];

  test("gives its last hidden state, among others", () => {
    const hiddenStates = [port("hidden_states.0", "float32", "b", 77, 768), ...outputs];
    const found = findPorts("text_encoder", {
      inputs: [port("input_ids", "int32", 1, 77)],
      outputs: hiddenStates,
    });
    expect(names(found)).toEqual({ ids: "input_ids", mask: undefined, hidden: "last_hidden_state" });
  });

  test("may want an attention mask", () => {
    const inputs = [port("attention_mask", "int64", "b", "s"), port("input_ids", "int64", "b", "s")];
    expect(names(findPorts("text_encoder", { inputs, outputs }))).toMatchObject({
      ids: "input_ids",
      mask: "attention_mask",
    });
  });
});

describe("what we cannot run is refused in words", () => {
  const unet = [
    port("sample", "float32", "b", 4, "h", "w"),
    port("timestep", "float32", "b"),
    port("encoder_hidden_states", "float32", "b", 77, 2048),
  ];
  test.each([
    [
      "SDXL",
      [...unet, port("text_embeds", "float32", "b", 1280), port("time_ids", "float32", "b", 6)],
      /SDXL/,
    ],
    ["LCM", [...unet, port("timestep_cond", "float32", "b", 256)], /latent consistency/],
    ["something else", [...unet, port("camera", "float32", "b", 16)], /camera: float32\[b, 16\]/],
    [
      "a decoder in the UNet's place",
      [port("latent_sample", "float32", "b", 4, "h", "w")],
      /no input.*timestep/,
    ],
    ["no network at all", [], /unet\/model\.onnx has no input/],
  ])("%s", (_, inputs, message) => {
    expect(() => findPorts("unet", { inputs, outputs: prediction })).toThrow(message);
  });
});
