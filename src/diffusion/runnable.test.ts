import { describe, expect, it } from "vitest";
import { float, int } from "../onnx/attributes.ts";
import type { Model } from "../onnx/model.ts";
import { tensorOf } from "../onnx/tensor.ts";
import { buildModel, countOps } from "../onnx/testing/build.ts";
import { writeModel } from "../onnx/write.ts";
import { createGraphRunner } from "./graph-runner.ts";
import type { Network } from "./graph-runner.ts";
import { networkOf, openModelFolder } from "./model-folder.ts";
import { runnable } from "./runnable.ts";
import type { CheckAttention } from "./runnable.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { exportNames, exportReference, exportedFolder } from "./testing/exports.ts";

useNodeRuntime();

const networkIn = (model: Model): Network => ({ bytes: writeModel(model), model, inputs: [] });
const always: CheckAttention = async () => true;
const never: CheckAttention = async () => false;
const fill = (dims: readonly number[], value: number) =>
  tensorOf(
    "float32",
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b) }, () => value),
  );

/** As Olive leaves a block of a VAE that it optimised for CUDA: channels last, any height. */
const optimised = networkIn(
  buildModel({
    inputs: { x: [1, "h", 2, 4] },
    constants: { one: fill([4], 1), zero: fill([4], 0), w: fill([4, 1, 1, 4], 1) },
    nodes: [
      {
        op: "GroupNorm",
        domain: "com.microsoft",
        inputs: ["x", "one", "zero"],
        outputs: ["normal"],
        attributes: { groups: int(1), epsilon: float(1e-5) },
      },
      { op: "NhwcConv", domain: "com.microsoft", inputs: ["normal", "w"], outputs: ["y"] },
    ],
    outputs: { y: { dtype: "float32", dims: [1, "h", 2, 4] } },
  }),
);

describe("a network as its provider can run it", () => {
  it("runs operators that onnxruntime-web has no kernels for, at any size", async () => {
    let loads = 0;
    const load = () => Promise.resolve((loads++, optimised));
    const runner = createGraphRunner("decoder", load, { provider: "wasm" });
    for (const height of [1, 2, 2]) {
      // Half −1, half 1: normalised already, and alternating pixels sum to ±4 over their channels.
      const data = Array.from({ length: height * 8 }, (_, i) => (i % 8 < 4 ? -1 : 1));
      const { cpu } = await runner.run({ x: { data, dims: [1, height, 2, 4] } });
      expect(cpu["y"]!.dims).toEqual([1, height, 2, 4]);
      cpu["y"]!.data.forEach((value, i) => expect(value).toBeCloseTo(4 * data[i]!, 3));
    }
    expect(loads).toBe(2);
    await runner.dispose();
  });

  it("stays as it is where there is nothing to write", async () => {
    const network = networkIn(
      buildModel({
        inputs: { x: ["n"] },
        nodes: [{ op: "Relu", inputs: ["x"], outputs: ["y"] }],
        outputs: { y: "float32" },
      }),
    );
    for (const provider of ["wasm", "webgpu"] as const)
      expect((await runnable("unet", network, { x: [2] }, provider, never)).bytes).toBe(network.bytes);
  });

  it("keeps off the CPU what WebGPU has no kernel for, and names what it cannot", async () => {
    const network = networkIn(
      buildModel({
        inputs: { x: [2, 3], n: { dtype: "int64", dims: [1] } },
        nodes: [
          { op: "Sum", inputs: ["x", "x", "x"], outputs: ["s"] },
          { op: "Sign", inputs: ["s"], outputs: ["t"] },
          { op: "Round", inputs: ["t"], outputs: ["r"] },
          { op: "Cast", inputs: ["n"], outputs: ["f"], attributes: { to: int(1) } },
          { op: "Mul", inputs: ["r", "f"], outputs: ["y"] },
        ],
        outputs: { y: "float32" },
      }),
    );
    const { model, onCpu } = await runnable("unet", network, { x: [2, 3], n: [1] }, "webgpu", never);
    expect(countOps(model)).toMatchObject({ Add: 2, Sub: 1, Greater: 1, Less: 1 });
    // The cast of a number that is fed waits for nothing.
    expect(onCpu).toEqual(['Round "Round_2", because it has no kernel']);
  });

  describe("attention that comes as one node", () => {
    const network = networkIn(
      buildModel({
        inputs: { q: [1, 2, 8], k: [1, 3, 8] },
        nodes: [
          {
            op: "MultiHeadAttention",
            domain: "com.microsoft",
            inputs: ["q", "k", "k"],
            outputs: ["y"],
            attributes: { num_heads: int(2) },
          },
        ],
        outputs: { y: "float32" },
      }),
    );
    const prepared = (provider: "webgpu" | "wasm", isRight: CheckAttention) =>
      runnable("unet", network, { q: [1, 2, 8], k: [1, 3, 8] }, provider, isRight);

    it("stays one where that is right", async () => {
      expect(countOps((await prepared("webgpu", always)).model)).toEqual({
        MultiHeadAttention: 1,
        Identity: 1,
      });
      expect((await prepared("wasm", never)).bytes).toBe(network.bytes);
    });

    it("is written out where it is wrong, and named", async () => {
      const { model, wrongFused } = await prepared("webgpu", never);
      expect(countOps(model)).toMatchObject({ MatMul: 2, Softmax: 1 });
      expect(wrongFused).toEqual([{ dtype: "float32", heads: 2, width: 4, masked: false }]);
    });
  });

  it("names the node that makes loading impossible", async () => {
    const network = networkIn(
      buildModel({
        inputs: { x: [1, 1, 2, 2] },
        constants: { scales: tensorOf("float32", [4], [1, 1, 0.5, 0.5]) },
        nodes: [
          { op: "Resize", inputs: ["x", "", "scales"], outputs: ["y"], attributes: { antialias: int(1) } },
        ],
        outputs: { y: "float32" },
      }),
    );
    await expect(runnable("unet", network, { x: [1, 1, 2, 2] }, "webgpu", never)).rejects.toThrow(
      'unet uses Resize "Resize_0", which cannot be run: its kernel knows no antialiasing',
    );
  });
});

describe.each(exportNames())("%s on WebGPU", (name) => {
  it("leaves no node of UNet and decoder to the CPU, and fuses every attention of the UNet", async () => {
    const folder = await openModelFolder(exportedFolder(name));
    const { latent, hidden, decoderInput } = exportReference(name);
    const [unet, decoder] = [await folder.graph("unet"), await folder.graph("vae_decoder")];
    const { sample, timestep, context } = unet.ports;
    const shapes = {
      [sample.name]: latent.shape,
      [timestep.name]: timestep.dims.map(() => 1),
      [context.name]: hidden.shape,
    };
    const { model, onCpu } = await runnable("unet", networkOf(unet), shapes, "webgpu", always);
    expect(onCpu).toEqual([]);
    expect(countOps(model)).toMatchObject({ MultiHeadAttention: 20 });
    expect(countOps(model)).not.toHaveProperty("Softmax");
    const image = { [decoder.ports.latent.name]: decoderInput.shape };
    expect((await runnable("decoder", networkOf(decoder), image, "webgpu", never)).onCpu).toEqual([]);
  });
});
