import { expect } from "vitest";
import { nodeGpu } from "../gpu/device.node.ts";
import { gpuTest } from "../gpu/testing.ts";
import { attentionIsRight } from "./attention-check.ts";
import type { AttentionForm } from "./attention-check.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";

useNodeRuntime();

/** The smallest head for which ONNX Runtime takes the kernel in question: its width is a multiple of 4. */
const form: AttentionForm = { dtype: "float32", heads: 2, width: 4, masked: false };

gpuTest("fused attention is right on the app's device, masked or not", async ({ gpu }) => {
  expect(await attentionIsRight(gpu, form)).toBe(true);
  expect(await attentionIsRight(gpu, { ...form, masked: true })).toBe(true);
});

gpuTest("on a software adapter's subgroups of 4 lanes it is found wrong", async ({ gpu, skip }) => {
  const adapter = await nodeGpu().requestAdapter();
  if (!gpu.isSoftware || !adapter?.features.has("subgroups")) return skip("not such an adapter");
  const device = await adapter.requestDevice({ requiredFeatures: ["subgroups"] });
  expect(await attentionIsRight({ ...gpu, device, lost: device.lost }, form)).toBe(false);
  device.destroy();
});

gpuTest(
  "in half precision it is right where the device computes in it, and else counts as wrong",
  async ({ gpu }) => {
    const isRight = await attentionIsRight(gpu, { ...form, dtype: "float16" });
    expect(isRight).toBe(gpu.features.has("shader-f16"));
  },
);
