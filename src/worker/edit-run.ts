import type { Pipeline } from "../diffusion/pipeline.ts";
import { UserError } from "../core/errors.ts";
import { addEdit, type Doc } from "../document/document.ts";
import { flatten, unflatten } from "../document/flatten.ts";
import type { JobEvent, JobResult, WantedPictures } from "../edit/events.ts";
import { createEditJob, type EditJob } from "../edit/job.ts";
import type { Gpu } from "../gpu/device.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import type { Splats } from "../scene/attributes.ts";
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
  /** What it has made of the document so far; undefined before its first step, and once the document has it. */
  soFar(thumbnail?: Uint8Array): { readonly label: string; readonly doc: Doc } | undefined;
}

export interface EditRunInput {
  readonly gpu: Gpu;
  readonly view: SceneView;
  readonly pipeline: Pipeline;
  readonly scene: OpenScene;
  readonly settings: EditRequest;
  readonly emit: RpcServer<EngineEvents>["emit"];
  readonly wanted: () => WantedPictures;
  readonly onStep: () => void;
}

/** Throws a UserError, and changes nothing, for settings that make no sense. */
export async function createEditRun(input: EditRunInput): Promise<EditRun> {
  const { gpu, view, pipeline, scene, emit, onStep } = input;
  const { store } = scene;
  const { doc } = store;
  const flat = flatten(doc);
  const settings = settingsFor(input.settings, doc, flat);
  const { splats, antialiased } = flat;
  if (splats.count === 0) throw new UserError("There is nothing to edit.", "Open a scene, or show a layer.");

  /** The document with what the run has made of it. */
  const edited = (before: Doc, result: Splats, steps: number, thumbnail?: Uint8Array): Doc => {
    const { source, target, method, seed } = job.settings; // as of now: words and method may have changed on the way
    const record = { source, target, method, steps, seed, ...(thumbnail && { thumbnail }) };
    return addEdit(before, unflatten(before, flat, result), record);
  };

  const tell: { readonly [T in JobEvent["type"]]: (event: Extract<JobEvent, { type: T }>) => void } = {
    state: ({ state }) => emit("runState", { state }),
    warning: ({ text }) => emit("log", { level: "warning", text }),
    step: (event) => {
      emit("step", event);
      onStep();
      view.invalidate("scene");
    },
    pictures: (event) => {
      const { view: seen, gradient, term, decoded } = event;
      const all = [seen, gradient, term?.picture, decoded].filter((picture) => picture !== undefined);
      emit(
        "pictures",
        event,
        all.map(({ data }) => data.buffer),
      );
    },
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
    wanted: input.wanted,
    on: (event) => (tell[event.type] as (event: JobEvent) => void)(event),
  });

  const keep = async ({ outcome, steps, splats: result }: JobResult): Promise<void> => {
    if (outcome === "cancelled" || steps === 0) return;
    const thumbnail = outcome === "lost" ? undefined : await view.thumbnail().catch(() => undefined);
    await store.commit(job.settings.target, (before) => edited(before, result, steps, thumbnail));
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
    soFar(thumbnail) {
      const { splats: result, steps } = job.kept;
      if (steps === 0 || store.doc !== doc) return undefined; // not begun, or in the document already
      return { label: settings.target, doc: edited(doc, result, steps, thumbnail) };
    },
  };
}
