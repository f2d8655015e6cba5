import { expect, test } from "vitest";
import { describe as portsOf } from "../onnx/model.ts";
import { tensorReader } from "../onnx/storage.ts";
import { tensorOf } from "../onnx/tensor.ts";
import { buildModel } from "../onnx/testing/build.ts";
import { writeModel } from "../onnx/write.ts";
import { createGraphRunner } from "./graph-runner.ts";
import type { Network } from "./graph-runner.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { splitWeights } from "./split-weights.ts";

useNodeRuntime();

/** Vectors of four floats, by where they begin in the file: not in order, one twice, one in part over another. */
const OFFSETS = { a: 48, b: 0, c: 16, twin: 16, over: 24, d: 64 };
const FLOATS = Array.from({ length: 20 }, (_, i) => i * i);
const BYTES = 4 * FLOATS.length;

/** y = x + a + b + …; without an offset where that is the file's beginning. */
function network(): Network {
  const constants = Object.fromEntries(
    Object.entries(OFFSETS).map(([name, offset]) => {
      const { raw: _, ...tensor } = tensorOf("float32", [4], [0, 0, 0, 0]);
      const external = new Map([["location", "weights.pb"]]);
      if (offset > 0) external.set("offset", String(offset));
      return [name, { ...tensor, raw: new Uint8Array(0), external }];
    }),
  );
  const names = Object.keys(OFFSETS);
  const model = buildModel({
    inputs: { x: [4] },
    constants,
    nodes: names.map((name, i) => ({
      op: "Add",
      inputs: [i === 0 ? "x" : `sum${i}`, name],
      outputs: [i === names.length - 1 ? "y" : `sum${i + 1}`],
    })),
    outputs: { y: { dtype: "float32", dims: [4] } },
  });
  const externalData = [{ path: "weights.pb", data: new Blob([new Float32Array(FLOATS)]) }];
  return { bytes: writeModel(model), model, inputs: portsOf(model).inputs, externalData };
}

test("a file that is too large becomes pieces that are not, each tensor whole in one", async () => {
  const { model, externalData = [] } = splitWeights(network(), 32);
  expect(externalData.map(({ path }) => path)).toEqual(["weights.pb.0", "weights.pb.1", "weights.pb.2"]);
  expect(externalData.map(({ data }) => (data as Blob).size)).toEqual([32, 16, 32]);
  const read = tensorReader(new Map(externalData.map(({ path, data }) => [path, data])));
  for (const [name, offset] of Object.entries(OFFSETS)) {
    const bytes = await read(model.graph.initializers.get(name)!);
    expect([...new Float32Array(bytes.slice().buffer)]).toEqual(FLOATS.slice(offset / 4, offset / 4 + 4));
  }
});

test("a tensor that is larger by itself is a piece; a file that is not too large stays", () => {
  expect(splitWeights(network(), 8).externalData!.length).toBe(5);
  const whole = network();
  expect(splitWeights(whole, BYTES)).toBe(whole);
});

test("ONNX Runtime computes from pieces what it computes from the file", async () => {
  const run = async (of: Network): Promise<number[]> => {
    const runner = createGraphRunner("sum", async () => of, { provider: "wasm" });
    const { cpu } = await runner.run({ x: { data: [1, 2, 3, 4], dims: [4] } });
    await runner.dispose();
    return [...cpu["y"]!.data];
  };
  expect(await run(splitWeights(network(), 32))).toEqual(await run(network()));
});
