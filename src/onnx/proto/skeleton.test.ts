import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readModel } from "../read.ts";
import { tensorReader } from "../storage.ts";
import { readSkeleton } from "./skeleton.ts";

const bytes = readFileSync(new URL("../golden/unet.onnx", import.meta.url));
const file = new Blob([bytes]);

describe("the skeleton of a model", () => {
  it("is the model, with its weights left where they are", async () => {
    const skeleton = await readSkeleton(file, "model.onnx");
    expect(skeleton.byteLength).toBeLessThan(bytes.byteLength / 2);
    const [model, whole] = [readModel(skeleton), readModel(bytes)];
    const read = tensorReader(new Map([["model.onnx", file]]));
    let external = 0;
    for (const [name, tensor] of model.graph.initializers) {
      const expected = whole.graph.initializers.get(name)!;
      if (tensor.external) external++;
      expect({ dtype: tensor.dtype, dims: tensor.dims }).toEqual({
        dtype: expected.dtype,
        dims: expected.dims,
      });
      expect(Buffer.compare(await read(tensor), expected.raw)).toBe(0);
    }
    expect(external).toBeGreaterThan(10);
    expect(model.graph.nodes).toEqual(whole.graph.nodes);
    expect({ ...model, graph: undefined }).toEqual({ ...whole, graph: undefined });
    expect({ inputs: model.graph.inputs, outputs: model.graph.outputs }).toEqual({
      inputs: whole.graph.inputs,
      outputs: whole.graph.outputs,
    });
  });

  it("refuses what is cut short or no message at all", async () => {
    for (const size of [1, 1000, bytes.byteLength - 1]) {
      await expect(readSkeleton(file.slice(0, size), "m")).rejects.toThrow(RangeError);
    }
    await expect(readSkeleton(new Blob(["<!doctype html>"]), "m")).rejects.toThrow(RangeError);
  });
});
