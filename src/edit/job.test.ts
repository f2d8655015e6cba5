/** Runs on a small scene with the real rasterizer and the embedded model: what a user may do to a run while it goes on. */
import { join } from "node:path";
import { describe, expect } from "vitest";
import { diskFolder } from "../diffusion/folder-source.node.ts";
import { loadPipeline, type Pipeline } from "../diffusion/pipeline.ts";
import { defaultPreset } from "../diffusion/presets.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import type { Gpu } from "../gpu/device.ts";
import { gpuTest } from "../gpu/testing.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import type { Splats } from "../scene/attributes.ts";
import { downloadSplats, uploadSplats } from "../scene/mirror.ts";
import { splatsEqual } from "../scene/splats.ts";
import { colouredCloud } from "../scene/testing/cloud.ts";
import type { JobEvent, WantedPictures } from "./events.ts";
import { createEditJob, type EditJob, type JobInput } from "./job.ts";
import type { RgbaPicture } from "./pictures.ts";
import { settingsFromPreset, type EditSettings } from "./settings.ts";

useNodeRuntime();

async function setUp(
  gpu: Gpu,
  change: Partial<EditSettings> = {},
  wrap: (pipeline: Pipeline) => Pipeline = (pipeline) => pipeline,
  pictures: Pick<JobInput, "pictureInterval" | "wanted"> = {},
) {
  const folder = diskFolder(join(import.meta.dirname, "../../models/mini"));
  const pipeline = wrap(await loadPipeline(folder, { gpu }));
  const start = colouredCloud(400, 0.08, 1);
  const buffers = uploadSplats(gpu, start);
  const events: JobEvent[] = [];
  let act = (_: EditJob, __: JobEvent): void => {};
  const preset = settingsFromPreset(defaultPreset("embedded"));
  const job: EditJob = createEditJob({
    gpu,
    rasterizer: new Rasterizer(gpu),
    pipeline,
    buffers,
    splats: start,
    antialiased: false,
    facts: { up: [0, 1, 0] },
    ...pictures,
    settings: {
      ...preset,
      source: "a photo of a red ball on grass",
      target: "a photo of a blue ball on grass",
      steps: 6,
      views: { ...preset.views, count: 3 },
      ...change,
    },
    on(event) {
      events.push(event);
      act(job, event);
    },
  });
  return {
    job,
    buffers,
    start,
    events,
    steps: () => events.filter((event) => event.type === "step"),
    onEvent: (action: typeof act) => void (act = action),
  };
}

const meanDifference = (a: RgbaPicture, b: RgbaPicture): number =>
  a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length;

describe("an edit job", () => {
  gpuTest("runs all steps, tells of each, and its result is what lies on the GPU", async ({ gpu }) => {
    const { job, buffers, start, steps, events } = await setUp(gpu);
    const result = await job.start();
    expect(result.error).toBeUndefined();
    expect(result).toMatchObject({ outcome: "finished", steps: 6 });
    expect(splatsEqual(result.splats, await downloadSplats(gpu, buffers))).toBe(true);
    expect(splatsEqual(result.splats, start)).toBe(false);
    expect(steps().map((event) => event.step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(steps().flatMap(({ cameras }) => cameras)).size).toBe(3);
    for (const { gradientNorm, terms } of steps()) {
      expect(gradientNorm).toBeGreaterThan(0);
      expect(Object.keys(terms)).toEqual(["cross-prompt", "cross-trajectory"]);
    }
    const pictures = events.find((event) => event.type === "pictures");
    expect(pictures?.view.data.length).toBe(4 * 128 * 128);
    expect(new Set(pictures?.gradient.data).size).toBeGreaterThan(10);
  });

  gpuTest("makes the picture of a term, and of the decoded latent, only when asked", async ({ gpu }) => {
    const wanted: WantedPictures[] = [{}, { term: "cross-prompt", decoded: true }, { term: "enhance" }];
    const { job, events } = await setUp(gpu, { steps: 3 }, undefined, {
      pictureInterval: 0,
      wanted: () => wanted.shift()!,
    });
    const { splats } = await job.start();
    const made = events.filter((event) => event.type === "pictures");
    expect(made.map(({ term, decoded }) => [term?.name, decoded?.width])).toEqual([
      [undefined, undefined],
      ["cross-prompt", 128],
      [undefined, undefined], // no weight, no such term
    ]);
    const { view, gradient, term, decoded } = made[1]!;
    expect(term!.picture.data).not.toEqual(gradient.data);
    expect(meanDifference(decoded!, view)).toBeLessThan(0.5 * meanDifference(gradient, view));
    const plain = await setUp(gpu, { steps: 3 }); // looking changes nothing
    expect(splatsEqual(splats, (await plain.job.start()).splats)).toBe(true);
  });

  gpuTest("cancel puts the scene back to the bit", async ({ gpu }) => {
    const { job, buffers, start, onEvent } = await setUp(gpu);
    onEvent((own, event) => event.type === "step" && event.step === 2 && own.cancel());
    const result = await job.start();
    expect(result).toMatchObject({ outcome: "cancelled", steps: 0 });
    expect(splatsEqual(await downloadSplats(gpu, buffers), start)).toBe(true);
  });

  gpuTest("stop keeps the steps done", async ({ gpu }) => {
    const { job, start, onEvent } = await setUp(gpu);
    onEvent((own, event) => event.type === "step" && event.step === 2 && own.stop());
    const result = await job.start();
    expect(result).toMatchObject({ outcome: "stopped", steps: 2 });
    expect(splatsEqual(result.splats, start)).toBe(false);
  });

  gpuTest("a change acts from the next step, and what cannot change is refused", async ({ gpu }) => {
    const { job, onEvent, steps } = await setUp(gpu, { steps: 3 });
    let refusal: unknown;
    onEvent((own, event) => {
      if (event.type !== "step" || event.step !== 1) return;
      own.change({ params: { we: 2 } });
      try {
        own.change({ size: 64 });
      } catch (error) {
        refusal = error;
      }
    });
    expect((await job.start()).outcome).toBe("finished");
    expect(steps().map(({ terms }) => "prompt-enhance" in terms)).toEqual([false, true, true]);
    expect(String(refusal)).toContain("made for views of 128 pixels");
  });

  gpuTest("asks less of the UNet where noise comes from a bank", async ({ gpu }) => {
    const rows: number[] = [];
    const count = (pipeline: Pipeline): Pipeline => ({
      ...pipeline,
      denoiser: {
        ...pipeline.denoiser,
        predict(slots, t) {
          rows.push(slots.length);
          return pipeline.denoiser.predict(slots, t);
        },
      },
    });
    const change = { steps: 6, runParams: { noiseBank: 1 } };
    const { job, steps, onEvent } = await setUp(gpu, change, count);
    onEvent((own, event) => {
      if (event.type === "step" && event.step === 5) own.change({ runParams: { noiseBank: 0 } });
    });
    expect((await job.start()).outcome).toBe("finished");
    // Three views, each seen for the first time, then two of them again, then new noise.
    expect(rows).toEqual([3, 3, 3, 2, 2, 3]);
    expect(steps()[3]!.terms["cross-trajectory"]).toBeGreaterThan(0);
  });

  gpuTest("several views a step are averaged", async ({ gpu }) => {
    const { job, start } = await setUp(gpu, { steps: 2, viewsPerStep: 2 });
    const result = await job.start();
    expect(result.outcome).toBe("finished");
    expect(splatsEqual(result.splats, start)).toBe(false);
  });

  gpuTest(
    "predictions that overflow end the run, and the scene is as of the step before",
    async ({ gpu }) => {
      let calls = 0;
      const { job, buffers, onEvent } = await setUp(gpu, {}, (pipeline) => ({
        ...pipeline,
        denoiser: {
          ...pipeline.denoiser,
          predict: async (...request) => {
            const predictions = await pipeline.denoiser.predict(...request);
            if (++calls === 3) predictions[0]!.data[7] = Infinity;
            return predictions;
          },
        },
      }));
      let good: Promise<Splats> | undefined;
      onEvent((_, event) => {
        if (event.type === "step" && event.step === 2) good = downloadSplats(gpu, buffers);
      });
      const result = await job.start();
      expect(result).toMatchObject({ outcome: "failed", steps: 2 });
      expect(result.error?.message).toContain("not finite");
      expect(splatsEqual(result.splats, await good!)).toBe(true);
    },
  );

  gpuTest("a device lost half way leaves what a step has made, to the bit", async ({ ownGpu: gpu }) => {
    const { job, buffers, start, onEvent } = await setUp(gpu, { steps: 200 });
    const made: Promise<Splats>[] = [];
    onEvent((_, event) => {
      if (event.type !== "step") return;
      if (event.step < 4) made.push(downloadSplats(gpu, buffers));
      else gpu.destroy(); // the fourth step has read its picture since, so the copies before have arrived
    });
    const result = await job.start();
    expect(result.outcome).toBe("lost");
    expect(result.error?.message).toContain("lost");
    expect(result.steps).toBeGreaterThanOrEqual(1);
    expect(result.steps).toBeLessThan(4);
    expect(splatsEqual(result.splats, start)).toBe(false);
    expect(splatsEqual(result.splats, await made[result.steps - 1]!)).toBe(true);
  });
});
