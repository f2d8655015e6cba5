/** What a run's pictures are may change while it goes on. With a tiny model that leaves its sizes open. */
import { describe, expect } from "vitest";
import { loadPipeline } from "../diffusion/pipeline.ts";
import { presets } from "../diffusion/presets.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import { tinyFolder, tinyUnet } from "../diffusion/testing/tiny-diffusion.ts";
import type { Gpu } from "../gpu/device.ts";
import { gpuTest } from "../gpu/testing.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { uploadSplats } from "../scene/mirror.ts";
import { splatsEqual } from "../scene/splats.ts";
import { colouredCloud } from "../scene/testing/cloud.ts";
import type { JobEvent } from "./events.ts";
import { createEditJob } from "./job.ts";
import type { SettingsChange } from "./settings-change.ts";
import { settingsFromPreset } from "./settings.ts";

useNodeRuntime();

/** Holds 16 MiB a sample at 64 pixels, 256 MiB at 128. */
const folder = tinyFolder({
  "splatsmith.json": { name: "tiny", family: "sd", resolution: 128 },
  "unet/model.onnx": tinyUnet({ attends: true }),
});

/** Runs an edit, changed after some of its steps. */
async function run(
  gpu: Gpu,
  changes: Readonly<Record<number, SettingsChange>>,
  { memoryBudget, bridge = "exact" }: { memoryBudget?: number; bridge?: string } = {},
) {
  const pipeline = await loadPipeline(folder, { gpu, provider: "wasm", memoryBudget });
  const splats = colouredCloud(40, 0.2);
  const events: JobEvent[] = [];
  const refusals: Error[] = [];
  const preset = settingsFromPreset(presets.get("sds-dreamfusion"));
  const job = createEditJob({
    gpu,
    rasterizer: new Rasterizer(gpu),
    pipeline,
    splats,
    buffers: uploadSplats(gpu, splats),
    antialiased: false,
    facts: { up: [0, 1, 0] },
    pictureInterval: 0,
    settings: {
      ...preset,
      ...{ source: "red", target: "not red", steps: 6, size: 64, bridge },
      views: { ...preset.views, count: 4 },
    },
    on(event) {
      events.push(event);
      if (event.type !== "step" || !changes[event.step]) return;
      try {
        job.change(changes[event.step]!);
      } catch (error) {
        refusals.push(error as Error);
      }
    },
  });
  const result = await job.start();
  await pipeline.dispose();
  const steps = events.filter((event) => event.type === "step");
  return {
    result,
    refusals,
    cameras: steps.map(({ cameras }) => cameras),
    sides: events.filter((event) => event.type === "pictures").map(({ view }) => view.width),
  };
}

describe("while a run goes on", () => {
  gpuTest.for(["exact", "decode-residual"])(
    "its views may become larger and more, seen from where they would have been (%s)",
    async (bridge, { gpu }) => {
      const changes = { 2: { size: 128 }, 3: { viewsPerStep: 2 }, 5: { size: 64 } };
      const changed = await run(gpu, changes, { bridge });
      expect(changed.result.error).toBeUndefined();
      expect(changed.result).toMatchObject({ outcome: "finished", steps: 6 });
      expect(changed.sides).toEqual([64, 64, 128, 128, 128, 64]);
      expect(changed.cameras.map(({ length }) => length)).toEqual([1, 1, 1, 2, 2, 2]);

      const plain = await run(gpu, { 1: { steps: 9 } }, { bridge });
      const places = plain.cameras.flat();
      changed.cameras.flat().forEach((camera, i) => {
        const { worldToCamera, near, width, fx } = places[i]!;
        expect(camera).toMatchObject({ worldToCamera, near });
        expect(camera.fx / camera.width).toBe(fx / width);
      });
      expect(splatsEqual(changed.result.splats, (await run(gpu, changes, { bridge })).result.splats)).toBe(
        true,
      );
    },
  );

  gpuTest("a size that does not fit is refused, and nothing else happens", async ({ gpu }) => {
    const memoryBudget = 200e6;
    const changed = await run(gpu, { 2: { size: 128, viewsPerStep: 3 } }, { memoryBudget });
    expect(changed.refusals.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Views of 128 pixels do not fit into memory: tiny needs \S+ GB\.$/),
    ]);
    const plain = await run(gpu, {}, { memoryBudget });
    expect(splatsEqual(changed.result.splats, plain.result.splats)).toBe(true);
  });
});
