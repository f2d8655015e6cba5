import type { Pipeline } from "../diffusion/pipeline.ts";
import type { JobEvent, JobResult } from "../edit/events.ts";
import { createEditJob, type EditJob } from "../edit/job.ts";
import type { EditSettings } from "../edit/settings.ts";
import type { Gpu } from "../gpu/device.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import type { OpenScene } from "./open-scene.ts";
import type { EngineEvents, RunReport } from "./protocol.ts";
import type { RpcServer } from "./rpc.ts";
import type { SceneView } from "./scene-view.ts";

/** An edit of the open scene, shown while it goes on, and one entry in its history afterwards. */
export interface EditRun {
  readonly job: EditJob;
  /** Rejects for settings that make no sense, and with what broke a run; its good steps are kept even then. */
  run(): Promise<RunReport>;
}

export interface EditRunInput {
  readonly gpu: Gpu;
  readonly view: SceneView;
  readonly pipeline: Pipeline;
  readonly scene: OpenScene;
  readonly settings: EditSettings;
  readonly emit: RpcServer<EngineEvents>["emit"];
}

export function createEditRun({ gpu, view, pipeline, scene, settings, emit }: EditRunInput): EditRun {
  const rasterizer = new Rasterizer(gpu);
  const { splats, metadata } = scene.current;

  const tell: { readonly [T in JobEvent["type"]]: (event: Extract<JobEvent, { type: T }>) => void } = {
    state: ({ state }) => emit("runState", { state }),
    warning: ({ text }) => emit("log", { level: "warning", text }),
    step: (event) => {
      emit("step", event);
      view.invalidate("scene");
    },
    pictures: (event) => emit("pictures", event, [event.view.data.buffer, event.gradient.data.buffer]),
  };

  const job = createEditJob({
    gpu,
    rasterizer,
    pipeline,
    buffers: view.splats!,
    splats,
    antialiased: metadata.antialiased,
    facts: { up: scene.info.up, focus: scene.info.focus },
    settings,
    on: (event) => (tell[event.type] as (event: JobEvent) => void)(event),
  });

  const keep = async ({ outcome, steps, splats: result }: JobResult): Promise<void> => {
    view.invalidate("size");
    if (outcome !== "cancelled" && steps > 0) await scene.commit(settings.target, result);
  };

  return {
    job,
    async run() {
      try {
        const result = await job.start();
        await keep(result);
        if (result.outcome === "failed") throw result.error!;
        const { outcome, steps, seconds } = result;
        return { outcome, steps, seconds };
      } finally {
        rasterizer.dispose();
      }
    },
  };
}
