import type { Camera } from "../camera/camera.ts";
import { UserError } from "../core/errors.ts";
import { fetchFolder } from "../diffusion/folder-source.ts";
import { loadPipeline, type Pipeline } from "../diffusion/pipeline.ts";
import { DeviceLostError, openGpu, type Gpu } from "../gpu/device.ts";
import type { Splats } from "../scene/attributes.ts";
import { compareProviders } from "./compare-providers.ts";
import { createEditRun, type EditRun } from "./edit-run.ts";
import { openScene, type OpenScene } from "./open-scene.ts";
import type { EngineCalls, EngineEvents } from "./protocol.ts";
import { Moved, type Handlers, type RpcServer } from "./rpc.ts";
import { createSceneView, type SceneView } from "./scene-view.ts";

/** What lives on one device, and goes with it. */
interface Rig {
  readonly gpu: Gpu;
  readonly view: SceneView;
  pipeline?: Pipeline;
}

/**
 * The engine behind the page: puts device, scene, view, model and edit together. The scene is kept in memory, so a
 * lost device costs nothing but the time to start another.
 */
export function createEngine(emit: RpcServer<EngineEvents>["emit"]): Handlers<EngineCalls> {
  let camera: Camera | undefined;
  let rig: Rig | undefined;
  let scene: OpenScene | undefined;
  let edit: EditRun | undefined;

  const theRig = (): Rig => need(rig, "The GPU is not ready.", "Wait a moment, or reload the page.");
  const theScene = (): OpenScene => need(scene, "No scene is open.", "Open one first.");
  const theModel = (): Pipeline =>
    need(rig?.pipeline, "The model is not loaded.", "Wait until it is, or reload the page.");

  const assertIdle = (): void => {
    if (edit) throw new UserError("An edit is under way.", "Stop or cancel it first.");
  };

  const show = async (splats: Splats, antialiased: boolean): Promise<void> => {
    await rig?.view.show(splats, antialiased);
  };

  /** Sessions and buffers of the device before, which may be gone already. */
  const dropRig = async (): Promise<void> => {
    const old = rig;
    rig = undefined;
    if (!old) return;
    await Promise.allSettled([old.view.dispose(), old.pipeline?.dispose()]);
    old.gpu.destroy();
  };

  const watch = (next: Rig): void => {
    next.gpu.onError(({ message }) => emit("log", { level: "error", text: `GPU: ${message}` }));
    void next.gpu.lost.then(({ message }) => {
      if (rig === next) emit("lost", { message: `The GPU was lost: ${message || "it gave no reason."}` });
    });
  };

  return {
    async start({ canvas }) {
      await dropRig();
      const gpu = await openGpu();
      const view = createSceneView(gpu, canvas, {
        onError: (error) => {
          if (!(error instanceof DeviceLostError)) gpu.report(asError(error)); // a loss is told by `lost`
        },
        onSettled: (isSettled) => emit("view", { isSettled }),
      });
      rig = { gpu, view };
      emit("view", { isSettled: false });
      watch(rig);
      if (camera) view.setCamera(camera);
      if (scene) await show(scene.current.splats, scene.current.metadata.antialiased);
      return { adapter: nameOf(gpu), isSoftware: gpu.isSoftware, hasThreads: self.crossOriginIsolated };
    },
    async loadModel({ url, provider }) {
      const current = theRig();
      await current.pipeline?.dispose();
      delete current.pipeline;
      current.pipeline = await loadPipeline(fetchFolder(url), { gpu: current.gpu, provider });
      return current.pipeline.info;
    },
    unknownWords: ({ text }) => theModel().tokenizer.unknownWords(text),
    compareProviders: ({ url }) => compareProviders(theRig().gpu, url),

    async openScene({ name, bytes, hints = {} }) {
      assertIdle();
      const next = openScene(name, new Uint8Array(bytes), hints, show);
      const { splats, metadata } = next.current;
      await show(splats, metadata.antialiased);
      scene = next;
      emit("history", next.history.status());
      return next.info;
    },
    exportScene() {
      const { name, bytes } = theScene().save();
      // The bytes may be the file's own, which the scene still needs.
      const copy = bytes.slice().buffer;
      return new Moved({ name, bytes: copy }, [copy]);
    },

    setCamera(request) {
      camera = request.camera;
      rig?.view.setCamera(camera);
    },
    pick: ({ x, y }) => theRig().view.pick(x, y),
    compare: ({ original }) => theRig().view.compareWith(original ? theScene().original : undefined),

    async edit({ settings }) {
      assertIdle();
      const { gpu, view } = theRig();
      edit = createEditRun({ gpu, view, pipeline: theModel(), scene: theScene(), settings, emit });
      try {
        return await edit.run();
      } finally {
        edit = undefined;
        emit("history", theScene().history.status());
      }
    },
    change: ({ change }) => edit?.job.change(change),
    pause: () => edit?.job.pause(),
    resume: () => edit?.job.resume(),
    stop: () => edit?.job.stop(),
    cancel: () => edit?.job.cancel(),

    async undo() {
      assertIdle();
      const { history } = theScene();
      await history.undo();
      return history.status();
    },
    async redo() {
      assertIdle();
      const { history } = theScene();
      await history.redo();
      return history.status();
    },
  };
}

function need<T>(value: T | undefined, message: string, hint = ""): T {
  if (value === undefined) throw new UserError(message, hint);
  return value;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function nameOf({ adapterInfo }: Gpu): string {
  const { description, vendor, architecture } = adapterInfo;
  return description || [vendor, architecture].filter(Boolean).join(" ") || "GPU";
}
