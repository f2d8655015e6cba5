import { expect, test, vi } from "vitest";
import { gpuTest } from "../gpu/testing.ts";
import { readModel } from "../onnx/read.ts";
import { createGraphRunner } from "./graph-runner.ts";
import type { Backend, Network } from "./graph-runner.ts";
import { networkOf, openModelFolder } from "./model-folder.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { memoryFolder } from "./testing/memory-folder.ts";
import { tinyUnet } from "./testing/tiny-diffusion.ts";
import { tinyModel } from "./testing/tiny-model.ts";

useNodeRuntime();

const image = { type: "float32", dims: ["n", 2, "h", "w"] } as const;

/** image = latent·w, the two numbers of w in a file of their own. */
const decoder = tinyModel({
  inputs: [{ name: "latent", ...image }],
  outputs: [{ name: "image", ...image }],
  nodes: [{ op: "Mul", inputs: ["latent", "w"], output: "image" }],
  external: { w: { dims: [2, 1, 1], location: "weights.pb" } },
});
const FILES = {
  "tokenizer/tokenizer.json": { model: { type: "BPE", vocab: {}, merges: [] } },
  "text_encoder/model.onnx": "not looked at",
  "unet/model.onnx": tinyUnet(),
  "vae_encoder/model.onnx": "not looked at",
  "vae_decoder/model.onnx": decoder,
};
const WEIGHTS = new Uint8Array(Float32Array.of(3, 5).buffer);

const decode = async (backend: Backend) => {
  const folder = await openModelFolder(memoryFolder({ ...FILES, "vae_decoder/weights.pb": WEIGHTS }));
  let loads = 0;
  const runner = createGraphRunner(
    "vae_decoder",
    async () => {
      loads++;
      return networkOf(await folder.graph("vae_decoder"));
    },
    backend,
  );
  const run = async (size: number) => {
    const data = Float32Array.from({ length: 2 * size * size }, (_, i) => i);
    const { cpu } = await runner.run({ latent: { data, dims: [1, 2, size, size] } });
    const plane = size * size;
    expect([...cpu["image"]!.data]).toEqual([...data].map((value, i) => value * (i < plane ? 3 : 5)));
  };
  return { run, dispose: runner.dispose, loads: () => loads };
};

test("weights in files of their own are found, and loaded once for every size on wasm", async () => {
  const { run, dispose, loads } = await decode({ provider: "wasm" });
  expect(loads()).toBe(0);
  await run(2);
  await run(4);
  await run(2);
  expect(loads()).toBe(1);
  await dispose();
  await run(2);
  expect(loads()).toBe(2);
  await dispose();
});

gpuTest("on WebGPU sizes are fixed, so another size loads anew", async ({ gpu }) => {
  const { run, dispose, loads } = await decode({ provider: "webgpu", gpu });
  await run(2);
  await run(2);
  expect(loads()).toBe(1);
  await Promise.all([run(4), run(2)]);
  expect(loads()).toBe(3);
  await dispose();
});

test("a missing weights file is named", async () => {
  const folder = await openModelFolder(memoryFolder(FILES));
  await expect(folder.graph("vae_decoder")).rejects.toThrow("vae_decoder/weights.pb");
});

const networkIn = (bytes: Uint8Array): Network => ({ bytes, model: readModel(bytes), inputs: [] });

test("a run that failed does not spoil the next one", async () => {
  const runner = createGraphRunner(
    "pairs",
    async () =>
      networkIn(
        tinyModel({
          inputs: [{ name: "x", type: "float32", dims: ["n"] }],
          outputs: [{ name: "y", type: "float32", dims: [2, "m"] }],
          nodes: [{ op: "Reshape", inputs: ["x", "shape"], output: "y" }],
          constants: { shape: { dims: [2], values: [2, -1], type: "int64" } },
        }),
      ),
    { provider: "wasm" },
  );
  await expect(runner.run({ x: { data: [1, 2, 3], dims: [3] } })).rejects.toThrow("Running pairs failed");
  const { cpu } = await runner.run({ x: { data: [1, 2], dims: [2] } });
  expect(cpu["y"]).toMatchObject({ dims: [2, 1] });
  await runner.dispose();
});

gpuTest("what the GPU cannot compute in half precision is computed in float32", async ({ gpu, skip }) => {
  if (gpu.features.has("shader-f16")) return skip("this GPU has half precision");
  const width = 32;
  const bytes = tinyModel({
    inputs: [{ name: "x", type: "float32", dims: [1, width] }],
    outputs: [{ name: "y", type: "float32", dims: [1, width] }],
    nodes: [{ op: "MatMul", inputs: ["x", "w"], output: "y" }],
    constants: { w: { dims: [width, width], values: Array<number>(width * width).fill(1) } },
  });
  const warn = vi.fn();
  const backend = { provider: "webgpu", gpu, warn } as const;
  const runner = createGraphRunner(
    "unet",
    async () => ({ ...networkIn(bytes), precision: "float16" }),
    backend,
  );
  for (let repeat = 0; repeat < 2; repeat++) {
    const { cpu } = await runner.run({ x: { data: Array<number>(width).fill(0.1), dims: [1, width] } });
    cpu["y"]!.data.forEach((value) => expect(value).toBeCloseTo(width * 0.1, 5));
  }
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("which this GPU does not offer"));
  await runner.dispose();
});

test("what leaves the range of half precision goes on in float32", async () => {
  const width = 32;
  const bytes = tinyModel({
    inputs: [{ name: "x", type: "float32", dims: ["n", width] }],
    outputs: [{ name: "y", type: "float32", dims: [width, "n"] }],
    nodes: [
      { op: "MatMul", inputs: ["x", "w"], output: "sums" },
      // Which the CPU has a kernel for in half precision; it computes products in float32, and rounds between them.
      { op: "Transpose", inputs: ["sums"], output: "y", attributes: { perm: [1, 0] } },
    ],
    constants: { w: { dims: [width, width], values: Array<number>(width * width).fill(1) } },
  });
  const warn = vi.fn();
  const runner = createGraphRunner("unet", async () => ({ ...networkIn(bytes), precision: "float16" }), {
    provider: "wasm",
    warn,
  });
  const sum = async (value: number): Promise<number> => {
    const { cpu } = await runner.run({ x: { data: Array<number>(width).fill(value), dims: [1, width] } });
    return cpu["y"]!.data[0]!;
  };
  expect(await sum(0.1)).toBeCloseTo(width * 0.1, 2);
  expect(await sum(0.1)).not.toBe(Math.fround(width * Math.fround(0.1)));
  expect(warn).not.toHaveBeenCalled();
  expect(await sum(4000)).toBe(width * 4000);
  expect(warn).toHaveBeenCalledWith(expect.stringMatching(/unet .*in float32: its values leave the range/));
  expect(await sum(0.1)).toBeCloseTo(width * 0.1, 5);
  await runner.dispose();
});
