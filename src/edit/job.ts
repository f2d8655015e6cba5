/** A run of an edit on a scene that lies on the GPU: started, changed, paused, stopped and kept, or cancelled. */
import { isAbort } from "../core/errors.ts";
import { createRate } from "../core/rate.ts";
import type { Tensor } from "../core/tensor.ts";
import { bridges } from "../diffusion/codecs/index.ts";
import { methods } from "../diffusion/methods/index.ts";
import type { Pipeline } from "../diffusion/pipeline.ts";
import { uploadBuffer } from "../gpu/buffers.ts";
import { DeviceLostError, GpuMemoryError, type Gpu } from "../gpu/device.ts";
import { GradientSum } from "../optim/accumulate.ts";
import { Adam } from "../optim/adam.ts";
import type { Rasterizer } from "../raster/rasterizer.ts";
import type { Splats } from "../scene/attributes.ts";
import { downloadSplats, snapshotSplats } from "../scene/mirror.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import type { JobEvent, JobResult, StepProgress, WantedPictures } from "./events.ts";
import { keepLastGood, type LastGood } from "./last-good.ts";
import { embedPrompts } from "./prompts.ts";
import { createRunLoop, type RunOutcome, type RunState } from "./run-loop.ts";
import { drawStep } from "./sampling.ts";
import { applyChange, type SettingsChange } from "./settings-change.ts";
import { checkSettings, checkSuits } from "./settings-check.ts";
import type { EditSettings } from "./settings.ts";
import { setStage, type SceneFacts, type Stage } from "./stage.ts";
import { picturesOf } from "./step-pictures.ts";
import { editStep, type ViewReport } from "./step.ts";
import { createTrainingViews, type TrainingViews } from "./training-views.ts";
import { rasterProbe } from "./view-probe.ts";

export interface JobInput {
  readonly gpu: Gpu;
  readonly rasterizer: Rasterizer;
  readonly pipeline: Pipeline;
  /** The scene, edited in place. */
  readonly buffers: SplatBuffers;
  /** The same splats in memory, as of the start. */
  readonly splats: Splats;
  readonly antialiased: boolean;
  readonly facts: SceneFacts;
  readonly settings: EditSettings;
  readonly on?: (event: JobEvent) => void;
  /** Milliseconds between two pictures; Infinity for none. */
  readonly pictureInterval?: number;
  /** Which pictures are wanted beside the usual ones; asked whenever some are made. */
  readonly wanted?: () => WantedPictures;
}

export interface EditJob {
  readonly state: RunState;
  readonly settings: EditSettings;
  /** The newest copy of the scene, and how many steps are behind it: what a lost device leaves. */
  readonly kept: Pick<LastGood, "splats" | "steps">;
  /** Runs to the end, however it comes; called once. Rejects only for settings that make no sense. */
  start(): Promise<JobResult>;
  /** Acts from the next step. Throws a UserError, and changes nothing, for what cannot change now. */
  change(change: SettingsChange): void;
  pause(): void;
  resume(): void;
  /** Ends after the step under way and keeps what there is. */
  stop(): void;
  /** Gives up the step under way after the network's call that it waits for; the scene is as it was, bit for bit. */
  cancel(): void;
}

const PICTURE_INTERVAL = 500;

export function createEditJob(input: JobInput): EditJob {
  const { gpu, pipeline, buffers, on = () => {} } = input;
  const { schedule } = pipeline;
  let settings = input.settings;
  checkSettings(settings, schedule);
  checkSuits(settings, pipeline.info);
  const loop = createRunLoop((state) => on({ type: "state", state }));
  const rate = createRate();
  const lastGood = keepLastGood(input.splats, () => downloadSplats(gpu, buffers));

  async function start(): Promise<JobResult> {
    const begun = performance.now();
    const end = (outcome: JobResult["outcome"], splats: Splats, steps: number, error?: Error): JobResult => {
      const seconds = (performance.now() - begun) / 1000;
      return { outcome, steps, seconds, splats, ...(error && { error }) };
    };
    const lost = gpu.lost.then((info) => {
      throw new DeviceLostError(info);
    });
    let done = 0;
    let refusal: { readonly error: GpuMemoryError; readonly steps: number } | undefined;
    const stopListening = gpu.onError((error) => {
      if (!(error instanceof GpuMemoryError)) return;
      refusal ??= { error, steps: done }; // what comes after does nothing
      loop.stop();
    });
    const original = snapshotSplats(gpu, buffers, "original");
    try {
      const work = run(original.buffers, (steps) => {
        done = steps;
        lastGood.offer(steps);
      });
      const outcome = await Promise.race([work, lost]).catch((error: unknown): RunOutcome => {
        if (loop.signal.aborted && isAbort(error)) return "cancelled";
        throw error;
      });
      if (outcome === "cancelled") {
        original.restore();
        return end(outcome, input.splats, 0);
      }
      if (refusal) throw refusal.error;
      return end(outcome, await downloadSplats(gpu, buffers), done);
    } catch (cause) {
      const error = refusal?.error ?? (cause instanceof Error ? cause : new Error(String(cause)));
      await lastGood.settled();
      if (error instanceof DeviceLostError || (await isLost(gpu))) {
        return end("lost", lastGood.splats, lastGood.steps, error);
      }
      // A step changes the scene only at its very end, so a broken one has left it as of the step before. There may be
      // no memory left to read it with.
      return await downloadSplats(gpu, buffers).then(
        (splats) => end("failed", splats, refusal?.steps ?? done, error),
        () => end("failed", lastGood.splats, lastGood.steps, error),
      );
    } finally {
      stopListening();
      original.dispose();
    }
  }

  async function run(original: SplatBuffers, onGood: (steps: number) => void): Promise<RunOutcome> {
    const scene = { splats: original, antialias: input.antialiased };
    const stage = await setStage(
      input.splats,
      settings,
      input.facts,
      rasterProbe(gpu, input.rasterizer, scene),
      loop.signal,
    );
    for (const text of stage.warnings) on({ type: "warning", text });
    const context = { ...prepare(input, stage), signal: loop.signal };
    const { codec } = pipeline;
    const viewsAt = (at: EditSettings): TrainingViews =>
      createTrainingViews({ ...input, codec, original, cameras: stage.cameras }, at);
    let views = viewsAt(settings);
    let drawn = 0;
    let pictureDue = 0;
    const step = async (index: number): Promise<void> => {
      const now = settings; // a change made from here on acts from the next step
      const plan = {
        settings: now,
        method: methods.get(now.method),
        bridge: bridges.get(now.bridge),
        prompts: await embedPrompts(pipeline.textEncoder, now),
        progress: index / now.steps,
      };
      if (now.size !== views.size) views = viewsAt(now);
      const { cameras, latentShape } = views;
      const draws = drawStep({ step: index, drawn }, now, {
        schedule,
        viewCount: cameras.length,
        latentShape,
      });
      const report = await editStep({ ...context, ...views }, plan, draws);
      drawn += draws.length;
      onGood(index + 1);
      rate.tick(performance.now());
      const seenFrom = draws.map(({ view }) => cameras[view]!);
      on({ type: "step", ...progressOf(report, index + 1, now.steps), cameras: seenFrom });
      if (performance.now() >= pictureDue) {
        on({
          type: "pictures",
          step: index + 1,
          ...(await picturesOf(report, codec, input.wanted?.())),
        });
        pictureDue = performance.now() + (input.pictureInterval ?? PICTURE_INTERVAL);
      }
    };
    try {
      return await loop.run(step, () => settings.steps);
    } finally {
      context.optimizer.dispose();
      context.gradients.dispose();
      context.mask?.destroy();
    }
  }

  function progressOf(
    { t, gradient, terms }: ViewReport,
    step: number,
    steps: number,
  ): Omit<StepProgress, "cameras"> {
    const iterationsPerSecond = rate.perSecond();
    return {
      step,
      steps,
      iterationsPerSecond,
      secondsLeft: iterationsPerSecond > 0 ? (steps - step) / iterationsPerSecond : NaN,
      t,
      gradientNorm: norm(gradient),
      terms: Object.fromEntries(terms.map(({ name, value }) => [name, norm(value)])),
    };
  }

  return {
    get state() {
      return loop.state;
    },
    get settings() {
      return settings;
    },
    kept: lastGood,
    start,
    change(change) {
      settings = applyChange(settings, change, pipeline);
    },
    pause: loop.pause,
    resume() {
      rate.skip();
      loop.resume();
    },
    stop: loop.stop,
    cancel: loop.cancel,
  };
}

/** What a run works with at every size of its views. */
function prepare({ gpu, rasterizer, pipeline, buffers }: JobInput, { mask, extent }: Stage) {
  const { codec, denoiser, schedule } = pipeline;
  return {
    splats: buffers,
    ...{ rasterizer, codec, denoiser, schedule, extent },
    optimizer: new Adam(gpu, buffers),
    gradients: new GradientSum(gpu, buffers),
    mask: mask && uploadBuffer(gpu, "region mask", mask),
  };
}

const norm = ({ data }: Tensor): number => Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));

/** Whether the device is gone by now. */
const isLost = (gpu: Gpu): Promise<boolean> =>
  Promise.race([
    gpu.lost.then(() => true),
    new Promise<false>((resolve) => setTimeout(() => resolve(false), 0)),
  ]);
