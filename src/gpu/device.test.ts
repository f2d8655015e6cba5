import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { nodeGpu } from "./device.node.ts";
import { openGpu, reopenGpu } from "./device.ts";
import { gpuTest, takeErrors } from "./testing.ts";

describe("opening a device", () => {
  it("says what to do where there is no WebGPU or no adapter", async () => {
    const none = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
    await expect(openGpu({ gpu: none })).rejects.toSatisfy(
      (error) => error instanceof UserError && /adapter/.test(error.message) && error.hint !== "",
    );
    await expect(openGpu()).rejects.toSatisfy(
      (error) => error instanceof UserError && /no WebGPU/.test(error.message) && error.hint !== "",
    );
  });

  gpuTest("waits, after a loss, for an adapter to come back", async () => {
    let tries = 0;
    const gpu = {
      requestAdapter: async () => (++tries < 3 ? null : nodeGpu().requestAdapter()),
    } as unknown as GPU;
    (await reopenGpu({ gpu }, [0, 0, 0])).destroy();
    expect(tries).toBe(3);
    const none = { requestAdapter: async () => null } as unknown as GPU;
    await expect(reopenGpu({ gpu: none }, [0])).rejects.toThrow(UserError);
  });

  gpuTest("takes what our passes need, and no subgroups", ({ gpu }) => {
    expect(gpu.limits.maxStorageBuffersPerShaderStage).toBe(8);
    expect(gpu.limits.maxComputeInvocationsPerWorkgroup).toBeGreaterThanOrEqual(256);
    expect(gpu.features.has("subgroups")).toBe(false);
  });

  gpuTest("hears errors that nobody awaited", async ({ gpu }) => {
    gpu.device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    const errors = await takeErrors(gpu);
    expect(errors).toHaveLength(1);
    expect(errors[0]!.message).toMatch(/usage/i);
  });
});
