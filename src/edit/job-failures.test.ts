/** What breaks a call of the UNet, for real: a device that goes while it computes, and memory that there is not. */
import { expect, vi } from "vitest";
import { loadPipeline, type Pipeline } from "../diffusion/pipeline.ts";
import { presets } from "../diffusion/presets.ts";
import { SessionError } from "../diffusion/session.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import { tinyFolder, tinyUnet } from "../diffusion/testing/tiny-diffusion.ts";
import { DeviceLostError, GpuMemoryError, type Gpu } from "../gpu/device.ts";
import { gpuTest } from "../gpu/testing.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import type { Splats } from "../scene/attributes.ts";
import { downloadSplats, uploadSplats } from "../scene/mirror.ts";
import { splatsEqual } from "../scene/splats.ts";
import { colouredCloud } from "../scene/testing/cloud.ts";
import { createEditJob } from "./job.ts";
import { settingsFromPreset, type EditSettings } from "./settings.ts";

useNodeRuntime();

/** A model whose UNet holds 64·(4·h·w)² numbers a sample: 16 MiB at 64 pixels, 4 GiB at 256. */
const model = (gpu: Gpu): Promise<Pipeline> =>
  loadPipeline(tinyFolder({ "unet/model.onnx": tinyUnet({ attends: true }) }), { gpu, provider: "wasm" });
/** A small UNet on the device, the other networks beside it, where they compile faster. */
async function small(gpu: Gpu): Promise<Pipeline> {
  const { denoiser } = await loadPipeline(tinyFolder(), { gpu, provider: "webgpu" });
  return { ...(await loadPipeline(tinyFolder(), { gpu, provider: "wasm" })), denoiser };
}

interface JobOptions {
  readonly splats?: Splats;
  readonly change?: Partial<EditSettings>;
  /** Called while the n-th call of the UNet is on its way, from 1. */
  readonly during?: (call: number) => void;
}

function setUp(
  gpu: Gpu,
  pipeline: Pipeline,
  { splats = colouredCloud(40, 0.2), change, during }: JobOptions = {},
) {
  const preset = settingsFromPreset(presets.get("dds-3dgs"));
  const buffers = uploadSplats(gpu, splats);
  const { denoiser } = pipeline;
  let calls = 0;
  const job = createEditJob({
    gpu,
    rasterizer: new Rasterizer(gpu),
    pipeline: {
      ...pipeline,
      denoiser: {
        ...denoiser,
        async predict(...request) {
          const answer = denoiser.predict(...request);
          const call = ++calls;
          // After the run has been handed to the device, and before its answer is read back.
          queueMicrotask(() => during?.(call));
          return answer;
        },
      },
    },
    buffers,
    splats,
    antialiased: false,
    facts: { up: [0, 1, 0] },
    pictureInterval: Infinity,
    settings: {
      ...preset,
      ...{ source: "red", target: "not red", steps: 4, size: 64, bridge: "decode-residual" },
      views: { ...preset.views, count: 2 },
      ...change,
    },
  });
  return { job, buffers, calls: () => calls };
}

gpuTest("a UNet that needs more memory than there is ends the run in words", async ({ gpu }) => {
  const start = colouredCloud(40, 0.2);
  const pipeline = await model(gpu);
  const { job, buffers } = setUp(gpu, pipeline, { splats: start, change: { size: 256 } });
  const { outcome, steps, error } = await job.start();
  expect({ outcome, steps }).toEqual({ outcome: "failed", steps: 0 });
  expect(error).toBeInstanceOf(SessionError);
  expect(error).toMatchObject({
    kind: "out-of-memory",
    hint: expect.stringContaining("smaller resolution"),
  });
  expect(error!.message).toMatch(/^Running unet failed: there was not enough memory/);
  expect(splatsEqual(await downloadSplats(gpu, buffers), start)).toBe(true);
  // With the advice taken, the same model goes on.
  const next = await setUp(gpu, pipeline, { change: { steps: 1 } }).job.start();
  expect(next.error).toBeUndefined();
  expect(next.outcome).toBe("finished");
  expect(splatsEqual(next.splats, start)).toBe(false);
  await pipeline.dispose();
});

gpuTest(
  "buffers that there is no room for end the run, and what was done before stays",
  async ({ ownGpu: gpu }) => {
    const start = colouredCloud(40, 0.2);
    const { job } = setUp(gpu, await loadPipeline(tinyFolder(), { gpu, provider: "wasm" }), {
      splats: start,
      during: (call) => call === 3 && gpu.report(new GpuMemoryError("no room")),
    });
    const { outcome, steps, error, splats } = await job.start();
    expect({ outcome, steps }).toEqual({ outcome: "failed", steps: 2 });
    expect(error).toBeInstanceOf(GpuMemoryError);
    expect(splatsEqual(splats, start)).toBe(false);
  },
);

gpuTest("where nothing can be read any more, the last good copy stays", async ({ ownGpu: gpu }) => {
  const start = colouredCloud(40, 0.2);
  const { device, limits } = gpu;
  const create = device.createBuffer.bind(device);
  const refuse = (): void =>
    void vi.spyOn(device, "createBuffer").mockImplementation((wanted) => {
      const isRead = wanted.label?.startsWith("read ");
      return create(isRead ? { ...wanted, size: limits.maxBufferSize + 16 } : wanted);
    });
  const { job } = setUp(gpu, await loadPipeline(tinyFolder(), { gpu, provider: "wasm" }), {
    splats: start,
    change: { steps: 200 },
    during: (call) => call === 100 && refuse(),
  });
  const { outcome, steps, error, splats } = await job.start();
  expect(outcome).toBe("failed");
  expect(error).toBeDefined();
  expect(steps).toBeGreaterThan(0);
  expect(steps).toBeLessThan(100);
  expect(splatsEqual(splats, start)).toBe(false);
});

gpuTest("cancel acts within the call of the UNet that is on its way", async ({ gpu }) => {
  const start = colouredCloud(40, 0.2);
  const pipeline = await model(gpu);
  const { job, buffers, calls } = setUp(gpu, pipeline, {
    splats: start,
    change: { viewsPerStep: 3 },
    during: (call) => call === 2 && job.cancel(),
  });
  expect(await job.start()).toMatchObject({ outcome: "cancelled", steps: 0 });
  expect(calls()).toBe(2); // the step's third view was not asked for
  expect(splatsEqual(await downloadSplats(gpu, buffers), start)).toBe(true);
  await pipeline.dispose();
});

gpuTest(
  "a device that goes while the UNet computes leaves the last good scene",
  async ({ gpu: next, ownGpu: gpu }) => {
    const start = colouredCloud(40, 0.2);
    const { job } = setUp(gpu, await small(gpu), {
      splats: start,
      change: { steps: 50 },
      during: (call) => call === 4 && gpu.destroy(),
    });
    const { outcome, steps, error, splats } = await job.start();
    expect(outcome).toBe("lost");
    expect(error).toBeInstanceOf(DeviceLostError);
    expect([1, 2, 3]).toContain(steps); // copies are made as often as costs little
    expect(splatsEqual(splats, start)).toBe(false);
    // Another device goes on from there.
    const pipeline = await small(next);
    const result = await setUp(next, pipeline, { splats, change: { steps: 1 } }).job.start();
    expect(result.outcome).toBe("finished");
    expect(splatsEqual(result.splats, splats)).toBe(false);
    await pipeline.dispose();
  },
);
