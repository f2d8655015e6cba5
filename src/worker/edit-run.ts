import type { Pipeline } from "../diffusion/pipeline.ts";
import { addEdit } from "../document/document.ts";
import { flatten, unflatten } from "../document/flatten.ts";
import type { JobEvent, JobResult } from "../edit/events.ts";
import { createEditJob, type EditJob } from "../edit/job.ts";
import type { Gpu } from "../gpu/device.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { settingsFor } from "./edit-region.ts";
import type { OpenScene } from "./open-scene.ts";
import type { EditRequest, EngineEvents, RunReport } from "./protocol.ts";
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
  readonly settings: EditRequest;
  readonly emit: RpcServer<EngineEvents>["emit"];
}

/** Throws a UserError, and changes nothing, for settings that make no sense. */
export async function createEditRun(input: EditRunInput): Promise<EditRun> {
  const { gpu, view, pipeline, scene, emit } = input;
  const { store } = scene;
  const { doc } = store;
  const flat = flatten(doc);
  const settings = settingsFor(input.settings, doc, flat);
  const { splats, antialiased } = flat;

  const tell: { readonly [T in JobEvent["type"]]: (event: Extract<JobEvent, { type: T }>) => void } = {
    state: ({ state }) => emit("runState", { state }),
    warning: ({ text }) => emit("log", { level: "warning", text }),
    step: (event) => {
      emit("step", event);
      view.invalidate("scene");
    },
    pictures: (event) => emit("pictures", event, [event.view.data.buffer, event.gradient.data.buffer]),
  };

  const buffers = await view.lend(splats, antialiased);
  const rasterizer = new Rasterizer(gpu);
  const job = createEditJob({
    gpu,
    rasterizer,
    pipeline,
    buffers,
    splats,
    antialiased,
    facts: doc.frame,
    settings,
    on: (event) => (tell[event.type] as (event: JobEvent) => void)(event),
  });

  const keep = async ({ outcome, steps, splats: result }: JobResult): Promise<void> => {
    if (outcome === "cancelled" || steps === 0) return;
    const { source, target, method, seed } = settings;
    await store.commit(target, (before) =>
      addEdit(unflatten(before, flat, result), { source, target, method, steps, seed }),
    );
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
