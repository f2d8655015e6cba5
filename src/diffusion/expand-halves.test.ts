import { expect, test } from "vitest";
import { gpuTest } from "../gpu/testing.ts";
import { int } from "../onnx/attributes.ts";
import { describe as portsOf } from "../onnx/model.ts";
import { tensorOf } from "../onnx/tensor.ts";
import { buildModel, countOps } from "../onnx/testing/build.ts";
import { writeModel } from "../onnx/write.ts";
import { expandHalves } from "./expand-halves.ts";
import { createGraphRunner } from "./graph-runner.ts";
import type { Network } from "./graph-runner.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";

useNodeRuntime();

const SIDE = 24;
const WEIGHTS = Array.from({ length: SIDE * SIDE }, (_, i) => ((i * 7) % 33) / 16 - 1);

/** y = x·W, the halves of W behind some other bytes of a file. */
function network(): Network {
  const { raw, ...halves } = tensorOf("float16", [SIDE, SIDE], WEIGHTS);
  const external = new Map([
    ["location", "weights.pb"],
    ["offset", "64"],
  ]);
  const model = buildModel({
    inputs: { x: [1, SIDE] },
    constants: { halves: { ...halves, raw: new Uint8Array(0), external } },
    nodes: [
      { op: "Cast", inputs: ["halves"], outputs: ["w"], attributes: { to: int(1) } },
      { op: "MatMul", inputs: ["x", "w"], outputs: ["y"] },
    ],
    outputs: { y: { dtype: "float32", dims: [1, SIDE] } },
  });
  const data = new Blob([new Uint8Array(64), raw as Uint8Array<ArrayBuffer>]);
  const externalData = [{ path: "weights.pb", data }];
  return { bytes: writeModel(model), model, inputs: portsOf(model).inputs, externalData };
}

test("halves in a file become floats in another, and their casts go", async () => {
  const { model, externalData } = await expandHalves(network());
  expect(countOps(model)).toEqual({ MatMul: 1 });
  expect(model.graph.initializers.get("w")).toMatchObject({ dtype: "float32", dims: [SIDE, SIDE] });
  const floats = externalData!.at(-1)!.data as Blob;
  expect([...new Float32Array(await floats.arrayBuffer())]).toEqual(WEIGHTS);
});

test("a network without such weights comes back as it is", async () => {
  const { model, ...rest } = network();
  const inMemory = new Map([["halves", tensorOf("float16", [SIDE, SIDE], WEIGHTS)]]);
  const other = { ...rest, model: { ...model, graph: { ...model.graph, initializers: inMemory } } };
  expect(await expandHalves(other)).toBe(other);
});

gpuTest("a GPU without half precision computes with them", async ({ gpu }) => {
  const runner = createGraphRunner("unet", async () => network(), { provider: "webgpu", gpu });
  const x = Array.from({ length: SIDE }, (_, i) => i / 8 - 1);
  const { cpu } = await runner.run({ x: { data: x, dims: [1, SIDE] } });
  cpu["y"]!.data.forEach((value, column) => {
    const exact = x.reduce((sum, factor, row) => sum + factor * WEIGHTS[row * SIDE + column]!, 0);
    expect(value).toBeCloseTo(exact, 4);
  });
  await runner.dispose();
});
