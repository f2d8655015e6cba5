/** Networks with fused attention compute on WebGPU what they do, in plain operators, on wasm. */
import { expect } from "vitest";
import { createRng } from "../core/rng.ts";
import { gpuTest } from "../gpu/testing.ts";
import { int, ints } from "../onnx/attributes.ts";
import { describe } from "../onnx/model.ts";
import { quantizeModel } from "../onnx/quantize/quantize.ts";
import { inlineStore } from "../onnx/storage.ts";
import { int64s, sizeOf } from "../onnx/tensor.ts";
import { buildModel } from "../onnx/testing/build.ts";
import { relativeError } from "../onnx/testing/golden.ts";
import { weights } from "../onnx/testing/vjp-cases/case.ts";
import { writeModel } from "../onnx/write.ts";
import { diskFolder } from "./folder-source.node.ts";
import { createGraphRunner } from "./graph-runner.ts";
import type { Backend, Network } from "./graph-runner.ts";
import { networkOf, openModelFolder } from "./model-folder.ts";
import type { CpuFeed } from "./session.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";

useNodeRuntime();

async function run(network: Network, output: string, feeds: Record<string, CpuFeed>, backend: Backend) {
  const runner = createGraphRunner("network", async () => network, backend);
  const { cpu } = await runner.run(feeds);
  await runner.dispose();
  return cpu[output]!.data;
}

gpuTest("the embedded text encoder", async ({ gpu }) => {
  const file = await (await openModelFolder(diskFolder("models/mini"))).graph("text_encoder");
  const { ids, hidden } = file.ports;
  const dims = [1, 24];
  const feeds = { [ids.name]: { dims, data: Array.from({ length: 24 }, (_, i) => (i * 7) % 60) } };
  const want = await run(networkOf(file), hidden.name, feeds, { provider: "wasm" });
  const got = await run(networkOf(file), hidden.name, feeds, { provider: "webgpu", gpu });
  expect(relativeError(got, want)).toBeLessThan(1e-5);
});

gpuTest("attention between projections of four bits", async ({ gpu }) => {
  const [width, heads, length] = [64, 4, 40];
  const rng = createRng("int4");
  const apart = (name: string, ...perm: number[]) => [
    { op: "MatMul", inputs: ["x", `w_${name}`], outputs: [`${name}_together`] },
    { op: "Reshape", inputs: [`${name}_together`, "split"], outputs: [`${name}_split`] },
    { op: "Transpose", inputs: [`${name}_split`], outputs: [name], attributes: { perm: ints(perm) } },
  ];
  const plain = buildModel({
    inputs: { x: [1, length, width] },
    constants: {
      split: int64s([1, length, heads, width / heads]),
      join: int64s([1, length, width]),
      ...Object.fromEntries(
        ["q", "k", "v"].map((name, i) => [`w_${name}`, weights([width, width], 0.3 + 0.1 * i)]),
      ),
    },
    nodes: [
      ...apart("q", 0, 2, 1, 3),
      ...apart("k", 0, 2, 3, 1),
      ...apart("v", 0, 2, 1, 3),
      { op: "MatMul", inputs: ["q", "k"], outputs: ["scores"] },
      { op: "Softmax", inputs: ["scores"], outputs: ["shares"], attributes: { axis: int(-1) } },
      { op: "MatMul", inputs: ["shares", "v"], outputs: ["mixed"] },
      { op: "Transpose", inputs: ["mixed"], outputs: ["rows"], attributes: { perm: ints([0, 2, 1, 3]) } },
      { op: "Reshape", inputs: ["rows", "join"], outputs: ["y"] },
    ],
    outputs: { y: { dtype: "float32", dims: [1, length, width] } },
  });
  const model = await quantizeModel(plain, {
    weights: "int4",
    linear: "fused",
    keepRoles: [],
    read: async ({ raw }) => raw,
    store: inlineStore,
  });
  const network: Network = { bytes: writeModel(model), model, inputs: describe(model).inputs };
  const dims = [1, length, width];
  const feeds = { x: { dims, data: Float32Array.from({ length: sizeOf(dims) }, () => rng.normal()) } };
  const want = await run(network, "y", feeds, { provider: "wasm" });
  const got = await run(network, "y", feeds, { provider: "webgpu", gpu });
  expect(relativeError(got, want)).toBeLessThan(1e-5);
});
