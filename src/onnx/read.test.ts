import { describe, expect, it } from "vitest";
import { createRng } from "../core/rng.ts";
import { UserError } from "../core/errors.ts";
import { describe as ports, opsetOf } from "./model.ts";
import { encode } from "./proto/encode.ts";
import { readModel } from "./read.ts";
import { valuesOf } from "./tensor.ts";
import { buildModel } from "./testing/build.ts";
import { readGolden, relativeError } from "./testing/golden.ts";
import { runModel } from "./testing/run-model.ts";
import { int, ints, text } from "./attributes.ts";
import { tensorOf } from "./tensor.ts";
import { writeModel } from "./write.ts";

describe("reading", () => {
  it("says what a model takes and gives", () => {
    const { model } = readGolden("vae_encoder");
    expect(opsetOf(model)).toBe(14);
    expect(ports(model).inputs).toEqual([
      { name: "sample", dtype: "float32", dims: ["batch", 3, "height", "width"] },
    ]);
    expect(ports(readGolden("unet").model).inputs).toEqual([
      { name: "sample", dtype: "float32", dims: ["batch", 4, "height", "width"] },
      { name: "timestep", dtype: "int64", dims: ["batch"] },
      { name: "encoder_hidden_states", dtype: "float32", dims: ["batch", 7, 24] },
    ]);
  });

  it("leaves weights where they are in the file", () => {
    const { model, bytes } = readGolden("vae_encoder");
    const weights = [...model.graph.initializers.values()];
    expect(weights.length).toBeGreaterThan(20);
    expect(weights.every(({ raw }) => raw.buffer === bytes.buffer)).toBe(true);
  });

  it("understands elements that are spelt out instead of raw", () => {
    const spelt = {
      floats: { dims: [2], dataType: 1, floatData: [0.5, -2] },
      halves: { dims: [2], dataType: 10, int32Data: [0x3c00, 0xc000] },
      bytes: { dims: [2], dataType: 3, int32Data: [-3, 4] },
      longs: { dims: [2], dataType: 7, int64Data: [-5n, 6n] },
      doubles: { dims: [], dataType: 11, doubleData: [0.1] },
      flags: { dims: [2], dataType: 9, int32Data: [1, 0] },
    };
    const model = readModel(
      encode("ModelProto", {
        irVersion: 8,
        opsetImport: [{ version: 17 }],
        graph: {
          initializer: Object.entries(spelt).map(([name, tensor]) => ({ name, ...tensor })),
          output: Object.keys(spelt).map((name) => ({
            name,
            type: { tensorType: { elemType: 1, shape: {} } },
          })),
        },
      }),
    );
    const values = [...model.graph.initializers].map(([name, tensor]) => [name, valuesOf(tensor)]);
    expect(Object.fromEntries(values)).toEqual({
      floats: [0.5, -2],
      halves: [1, -2],
      bytes: [-3, 4],
      longs: [-5, 6],
      doubles: [0.1],
      flags: [1, 0],
    });
  });
});

describe("writing", () => {
  for (const name of ["vae_encoder", "unet"]) {
    it(`${name}, read, written, read and written, stays the same and computes the same`, async () => {
      const { bytes, inputs, output, outputs } = readGolden(name);
      const written = writeModel(readModel(bytes));
      const again = readModel(written);
      expect(writeModel(again)).toEqual(written);
      const result = await runModel(again, inputs);
      expect(relativeError(result[output]!.data, outputs.data)).toBeLessThan(1e-5);
    });
  }

  it("keeps every kind of attribute, tensors kept elsewhere, unset sizes and metadata", () => {
    const model = buildModel({
      inputs: { x: ["batch", 3, ""] },
      nodes: [
        {
          op: "Custom",
          domain: "org.example",
          inputs: ["x", ""],
          outputs: ["y"],
          attributes: {
            axis: int(-1),
            ends: ints([0, -3, 2 ** 63]),
            mode: text("näher"),
            alpha: { kind: "float", value: 0.25 },
            scales: { kind: "floats", value: [1, 2.5] },
            words: { kind: "strings", value: ["a", "b"] },
            table: { kind: "tensor", value: tensorOf("int64", [2], [-1, 2]) },
            body: {
              kind: "graph",
              value: buildModel({ inputs: {}, nodes: [], outputs: { x: "float32" } }).graph,
            },
          },
        },
      ],
      constants: {
        far: {
          dtype: "float16",
          dims: [4],
          raw: new Uint8Array(0),
          external: new Map([["location", "weights.pb"]]),
        },
        words: { dtype: "string", dims: [1], raw: new Uint8Array(0), strings: [new Uint8Array([65])] },
      },
      outputs: { y: { dtype: "float16", dims: [1] } },
    });
    const noted = { ...model, metadata: new Map([["licence", "MIT"]]) };
    const read = readModel(writeModel(noted));
    expect(read.metadata).toEqual(noted.metadata);
    expect(read.opsets).toEqual(noted.opsets);
    expect(read.graph.nodes).toEqual(noted.graph.nodes);
    expect(read.graph.initializers).toEqual(noted.graph.initializers);
    expect(ports(read)).toEqual(ports(noted));
  });
});

describe("bytes that are no model", () => {
  const refused = (bytes: Uint8Array): UserError => {
    try {
      readModel(bytes);
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
    throw new Error("was taken for a model");
  };
  const utf8 = (content: string): Uint8Array => new TextEncoder().encode(content);

  it("are named for what they are", () => {
    expect(refused(new Uint8Array(0)).message).toMatch(/empty/);
    expect(refused(utf8("\n<!DOCTYPE html><html>")).message).toMatch(/web page/);
    expect(refused(utf8("<html lang=en>")).message).toMatch(/web page/);
    expect(refused(utf8("version https://git-lfs.github.com/spec/v1\noid sha256:…")).hint).toMatch(/git lfs/);
    expect(refused(utf8('{"error": "not found"}')).message).toMatch(/not an ONNX model/);
  });

  it("are refused wherever a file is cut off", () => {
    const { bytes } = readGolden("vae_encoder");
    for (let i = 0; i < 60; i++) {
      const length = Math.floor((bytes.length * i) / 60);
      expect(refused(bytes.subarray(0, length))).toBeInstanceOf(UserError);
    }
    expect(refused(bytes.subarray(0, bytes.length - 1))).toBeInstanceOf(UserError);
  });

  it("are refused when random, or damaged beyond reading", () => {
    const rng = createRng("noise");
    for (let i = 0; i < 200; i++) {
      const noise = Uint8Array.from({ length: 1 + rng.int(400) }, () => rng.int(256));
      expect(refused(noise)).toBeInstanceOf(UserError);
    }
    const { bytes } = readGolden("vae_encoder");
    for (let i = 0; i < 200; i++) {
      const damaged = Uint8Array.from(bytes);
      damaged[rng.int(2000)] = rng.int(256);
      try {
        readModel(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }
  });

  it("are refused when the graph does not hang together", () => {
    const graph = (nodes: Parameters<typeof buildModel>[0]["nodes"], y = "y") =>
      writeModel(buildModel({ inputs: { x: [1] }, nodes, outputs: { [y]: "float32" } }));
    const relu = { op: "Relu", inputs: ["x"], outputs: ["y"] };
    expect(refused(graph([{ ...relu, inputs: ["q"] }])).message).toMatch(/Relu "Relu_0" reads "q"/);
    expect(refused(graph([relu, relu])).message).toMatch(/makes "y" a second time/);
    expect(refused(graph([relu], "z")).message).toMatch(/output "z"/);
    const backwards = [
      { op: "Relu", inputs: ["a"], outputs: ["y"] },
      { op: "Relu", inputs: ["x"], outputs: ["a"] },
    ];
    expect(refused(graph(backwards)).message).toMatch(/reads "a"/);
    const short = { dtype: "float32", dims: [3], raw: new Uint8Array(8) } as const;
    const model = buildModel({ inputs: {}, nodes: [], constants: { y: short }, outputs: { y: "float32" } });
    expect(refused(writeModel(model)).message).toMatch(/"y" .*8 of 12 bytes/);
  });
});
