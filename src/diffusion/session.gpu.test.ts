import { expect, vi } from "vitest";
import { uploadBuffer } from "../gpu/buffers.ts";
import { DeviceLostError } from "../gpu/device.ts";
import { openNodeGpu } from "../gpu/device.node.ts";
import { readFloats } from "../gpu/readback.ts";
import { gpuTest } from "../gpu/testing.ts";
import { createSession } from "./session.ts";
import type { Provider, SessionOptions } from "./session.ts";
import { loadRuntime } from "./session/runtime.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { tinyModel } from "./testing/tiny-model.ts";

useNodeRuntime();

const SIZE = 8;
const PIXELS = SIZE * SIZE;

/** A convolution and an addition: y = conv(x) + bias(b), x [n, 1, 8, 8], b [1]. */
const conv = (options: Partial<SessionOptions> & { provider: Provider }) =>
  createSession(
    tinyModel({
      inputs: [
        { name: "x", type: "float32", dims: ["n", 1, SIZE, SIZE] },
        { name: "b", type: "float32", dims: [1] },
      ],
      outputs: [{ name: "y", type: "float32", dims: ["n", 1, SIZE, SIZE] }],
      nodes: [
        { op: "Pad", inputs: ["x", "pads"], output: "padded" },
        { op: "Conv", inputs: ["padded", "w"], output: "c" },
        { op: "Add", inputs: ["c", "b"], output: "y" },
      ],
      constants: {
        pads: { dims: [8], values: [0, 0, 1, 1, 0, 0, 1, 1], type: "int64" },
        w: { dims: [1, 1, 3, 3], values: [1, -2, 3, -4, 5, -6, 7, -8, 9] },
      },
    }),
    { name: "conv", ...options },
  );

const x = Float32Array.from({ length: PIXELS }, (_, i) => Math.sin(i * 1.7));
const dims = [1, 1, SIZE, SIZE];

gpuTest(
  "a buffer of ours enters and leaves a session on the shared device, and agrees with wasm",
  async ({ gpu }) => {
    const reference = await conv({ provider: "wasm" });
    const expected = (await reference.run({ x: { data: x, dims }, b: { data: [0.25], dims: [1] } })).cpu["y"]!
      .data;

    const shared = await conv({ provider: "webgpu", gpu, gpuOutputs: ["y"] });
    const input = uploadBuffer(gpu, "x", x);
    for (let repeat = 0; repeat < 2; repeat++) {
      const outputs = await shared.run({ x: { buffer: input, dims }, b: { data: [0.25], dims: [1] } });
      const y = outputs.gpu["y"]!;
      expect(y.dims).toEqual(dims);
      // The next command of ours on the same queue sees the result: one device, no copy through the CPU.
      const actual = await readFloats(gpu, y.buffer, PIXELS);
      y.dispose();
      actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    }
    await Promise.all([reference.dispose(), shared.dispose()]);
  },
);

gpuTest("outputs that were not asked to stay come back to the CPU", async ({ gpu }) => {
  const session = await conv({ provider: "webgpu", gpu, freeDimensionOverrides: { n: 1 } });
  const { cpu } = await session.run({ x: { data: x, dims }, b: { data: [0], dims: [1] } });
  expect(cpu["y"]!.data).toHaveLength(PIXELS);
  await session.dispose();
});

gpuTest(
  "memory that the device refuses during a run ends it in words, and another session goes on",
  async () => {
    const other = await openNodeGpu();
    const session = await conv({ provider: "webgpu", gpu: other });
    const run = session.run({ x: { data: x, dims }, b: { data: [0], dims: [1] } });
    for (let turn = 0; turn < 20; turn++) await Promise.resolve(); // until it has begun
    // As large as a texture may be, and more than any device has.
    const { maxTextureDimension2D: side, maxTextureArrayLayers: layers } = other.limits;
    other.device.createTexture({
      ...{ size: [side, side, layers], format: "rgba32float", usage: GPUTextureUsage.COPY_DST },
    });
    await expect(run).rejects.toMatchObject({
      kind: "out-of-memory",
      hint: expect.stringContaining("smaller"),
    });
    await session.dispose();
    const again = await conv({ provider: "webgpu", gpu: other });
    const { cpu } = await again.run({ x: { data: x, dims }, b: { data: [0], dims: [1] } });
    expect(cpu["y"]!.data).toHaveLength(PIXELS);
    await again.dispose();
    other.destroy();
  },
);

gpuTest("a lost device ends runs and creations with the reason", async () => {
  const other = await openNodeGpu();
  const session = await conv({ provider: "webgpu", gpu: other });
  const { InferenceSession } = await loadRuntime("webgpu");
  const { prototype } = InferenceSession as unknown as { prototype: { run(): Promise<unknown> } };
  const runs = vi.spyOn(prototype, "run");
  const underWay = session.run({ x: { data: x, dims }, b: { data: [0], dims: [1] } });
  await vi.waitFor(() => expect(runs).toHaveBeenCalled());
  other.destroy();
  await expect(underWay).rejects.toBeInstanceOf(DeviceLostError);
  // ONNX Runtime has got out of it by then, and nobody shares its stack.
  expect(runs.mock.settledResults.map(({ type }) => type)).toEqual(["rejected"]);
  runs.mockRestore();
  await other.lost;
  await expect(session.run({ x: { data: x, dims }, b: { data: [0], dims: [1] } })).rejects.toBeInstanceOf(
    DeviceLostError,
  );
  await expect(conv({ provider: "webgpu", gpu: other })).rejects.toBeInstanceOf(DeviceLostError);
  await session.dispose();
});
