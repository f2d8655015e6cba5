import type { Camera } from "../camera/camera.ts";
import { UserError } from "../core/errors.ts";
import { pause } from "../core/pause.ts";
import { checkPrompt } from "../diffusion/check-prompt.ts";
import { loadPipeline, type Pipeline } from "../diffusion/pipeline.ts";
import { displayedTarget, displayOf } from "../document/display.ts";
import type { Doc } from "../document/document.ts";
import type { Snapshot } from "../document/recovery/journal.ts";
import type { Timeline } from "../document/store.ts";
import { flatten } from "../document/flatten.ts";
import { encoderAgreement } from "../edit/encoder-agreement.ts";
import type { WantedPictures } from "../edit/events.ts";
import { DeviceLostError, openGpu, reopenGpu, type Gpu } from "../gpu/device.ts";
import type { Purpose } from "../models/layout.ts";
import { HUB } from "../models/location.ts";
import { openSource, type ModelSource } from "../models/model-source.ts";
import { createModelStore } from "../models/model-store.ts";
import { browserStore } from "../models/opfs-store.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { disposeSplatBuffers, uploadSplats } from "../scene/mirror.ts";
import { isOpenElsewhere, startRecovery } from "./autosave-host.ts";
import { compareProviders } from "./compare-providers.ts";
import { documentCalls } from "./document-calls.ts";
import { settingsFor } from "./edit-region.ts";
import { createEditRun, type EditRun } from "./edit-run.ts";
import { savePicture, saveTurntable, type MediaHost } from "./media.ts";
import { openScene, reopenScene, type OpenScene } from "./open-scene.ts";
import type { DocumentInfo, EngineCalls, EngineEvents, SavedScene } from "./protocol.ts";
import { createReading } from "./reading.ts";
import { Moved, type Handlers, type RpcServer } from "./rpc.ts";
import { useStoredModel, webLocks, type Release } from "./tab-locks.ts";
import { createSceneView, type SceneView } from "./scene-view.ts";

/** What lives on one device, and goes with it. */
interface Rig {
  readonly gpu: Gpu;
  readonly view: SceneView;
  pipeline?: Pipeline;
  /** Says to other tabs that the model is not in use any more. */
  letGo?: Release;
}

/**
 * The engine behind the page: puts device, scene, view, model and edit together. The scene is kept in memory, so a
 * lost device costs nothing but the time to start another.
 */
export function createEngine(emit: RpcServer<EngineEvents>["emit"]): Handlers<EngineCalls> {
  let camera: Camera | undefined;
  let rig: Rig | undefined;
  let hadGpu = false;
  let scene: OpenScene | undefined;
  let wanted: WantedPictures = {};
  /** Also while it gets ready: it can be paused and ended then already. */
  let edit: Promise<EditRun> | undefined;
  let running: EditRun | undefined;

  const theRig = (): Rig => need(rig, "The GPU is not ready.", "Wait a moment, or reload the page.");
  const theScene = (): OpenScene => need(scene, "No scene is open.", "Open one first.");
  const theModel = (): Pipeline =>
    need(rig?.pipeline, "The model is not loaded.", "Wait until it is, or reload the page.");

  const assertIdle = (): void => {
    if (edit) throw new UserError("An edit is under way.", "Stop or cancel it first.");
  };

  const show = async (doc: Doc): Promise<void> => {
    await rig?.view.show(displayOf(doc));
  };

  const snapshot = async (): Promise<Snapshot | undefined> => {
    if (!scene || !(running || scene.store.info().unsaved)) return undefined;
    const thumbnail = await rig?.view.thumbnail().catch(() => undefined);
    const underWay = running?.soFar(thumbnail);
    if (!underWay && !scene.store.info().unsaved) return undefined; // a run that has done nothing yet
    const past = scene.store.timeline();
    const timeline = underWay ? continued(past, underWay.label, underWay.doc) : past;
    return { name: scene.info.name, timeline, ...(thumbnail && { thumbnail }) };
  };
  const recovery = startRecovery(snapshot, (line) => emit("log", line));

  /** Tells the page what has become of the document. */
  const tell = (): DocumentInfo => {
    const { store } = theScene();
    const info = store.info();
    emit("history", store.history.status());
    emit("document", info);
    void recovery.then(({ note }) => note());
    return info;
  };
  /** Sessions and buffers of the device before, which may be gone already. */
  const dropRig = async (old: Rig): Promise<void> => {
    rig = undefined;
    await Promise.allSettled([old.view.dispose(), old.pipeline?.dispose()]);
    old.letGo?.();
    old.gpu.destroy();
  };

  const watch = (next: Rig): void => {
    let toldAt = -Infinity;
    next.gpu.onError((error) => {
      if (!(error instanceof UserError)) {
        emit("log", { level: "error", text: `GPU: ${error.message}` });
      } else if (performance.now() > toldAt + TOLD_EVERY) {
        toldAt = performance.now();
        emit("problem", { message: error.message, hint: error.hint });
      }
    });
    void next.gpu.lost.then(({ message }) => {
      if (rig === next) emit("lost", { message: `The GPU was lost: ${message || "it gave no reason."}` });
    });
  };

  let filming: AbortController | undefined;
  const reading = createReading((share) => emit("reading", { share }));
  const media: MediaHost = {
    view: () => theRig().view,
    camera: () => need(camera, "Nothing is in view.", "Open a scene first."),
    frame: () => theScene().store.doc.frame,
    stem: () => theScene().info.name.replace(/\.[^.]*$/, "") || "scene",
    onFilmed: (share) => emit("filmed", { share }),
  };

  return {
    async start({ canvas }) {
      if (rig) await dropRig(rig);
      const gpu = await (hadGpu ? reopenGpu() : openGpu());
      hadGpu = true;
      const view = createSceneView(gpu, canvas, {
        onError: (error) => {
          if (!(error instanceof DeviceLostError)) gpu.report(asError(error)); // a loss is told by `lost`
        },
        onSettled: (isSettled) => emit("view", { isSettled }),
        onDrawn: (frame) => emit("drawn", frame),
      });
      rig = { gpu, view };
      emit("view", { isSettled: false });
      watch(rig);
      if (camera) view.setCamera(camera);
      if (scene) await show(scene.store.doc);
      return { adapter: nameOf(gpu), isSoftware: gpu.isSoftware, hasThreads: self.crossOriginIsolated };
    },
    async loadModel({ source, provider, encoder: other, memoryBudget, freeU }) {
      const current = theRig();
      const letGo = await useModels(other ? [source, other] : [source]);
      try {
        const encoder = other && (await openModel(other, "codec"));
        const warn = (text: string): void => emit("log", { level: "warning", text });
        const options = { gpu: current.gpu, provider, encoder, memoryBudget, freeU, warn };
        const next = await loadPipeline(await openModel(source), options);
        await current.pipeline?.dispose();
        current.letGo?.();
        Object.assign(current, { pipeline: next, letGo });
        return next.info;
      } catch (error) {
        letGo();
        throw error;
      }
    },
    checkPrompt: ({ text }) => checkPrompt(theModel().tokenizer, text),
    async compareEncoders({ settings: request }) {
      assertIdle();
      const { gpu } = theRig();
      const { doc } = theScene().store;
      const flat = flatten(doc);
      const settings = settingsFor(request, doc, flat);
      const rasterizer = new Rasterizer(gpu);
      const buffers = uploadSplats(gpu, flat.splats);
      try {
        const { splats, antialiased } = flat;
        const scene = { splats, buffers, antialiased, facts: doc.frame, settings };
        return await encoderAgreement({ gpu, rasterizer, pipeline: theModel(), ...scene });
      } finally {
        disposeSplatBuffers(buffers);
        rasterizer.dispose();
      }
    },
    compareProviders: async ({ source }) => compareProviders(theRig().gpu, await openModel(source)),

    async openScene({ name, bytes, hints = {} }) {
      assertIdle();
      const { signal } = reading;
      const file = new Uint8Array(bytes);
      const next = openScene(await reading.read(file, name), hints, show);
      await pause();
      signal.throwIfAborted();
      assertIdle(); // an edit may have begun meanwhile
      await scene?.store.settled();
      await show(next.store.doc);
      scene = next;
      await (await recovery).begin(next.store.doc.layers[0]!.scene);
      const isElsewhere = await isOpenElsewhere(file);
      tell();
      return { ...next.info, isOpenElsewhere: isElsewhere };
    },
    stopReading: () => reading.stop(),
    listRecovery: async () => (await recovery).list(),
    async recover({ id }) {
      assertIdle();
      await scene?.store.settled();
      scene = await (
        await recovery
      ).take(id, async (name, timeline) => {
        const next = reopenScene(name, timeline, show);
        await show(next.store.doc);
        return next;
      });
      tell();
      return scene.info;
    },
    discardRecovery: async ({ id }) => (await recovery).discard(id),

    ...documentCalls({
      scene: theScene,
      camera: () => camera,
      view: () => theRig().view,
      ...{ assertIdle, tell, read: reading.read },
      async onAdded(added) {
        (await recovery).adopt(added);
        for (const text of added.warnings) emit("log", { level: "warning", text });
      },
    }),
    async previewTransform({ target = "selection", by }) {
      if (edit || !rig || !scene) return; // a gizmo that is dragged on
      await rig.view.preview(by, displayedTarget(scene.store.doc, target));
    },
    highlight: ({ strength }) => theRig().view.setHighlight(Math.min(1, Math.max(0, strength))),

    setCamera(request) {
      camera = request.camera;
      rig?.view.setCamera(camera);
    },
    pick: ({ x, y }) => theRig().view.pick(x, y),
    colorAt: ({ x, y }) => theRig().view.colorAt(x, y),
    compare: ({ to, share }) => theRig().view.compareWith(to && theScene().compared(to), share),

    savePicture: async (request) => moved(await savePicture(media, request)),
    async saveTurntable(request) {
      filming = new AbortController();
      return moved(await saveTurntable(media, request, filming.signal));
    },
    stopFilming: () => filming?.abort(),

    async edit({ settings }) {
      assertIdle();
      const { gpu, view } = theRig();
      const open = theScene();
      const onStep = (): void => void recovery.then(({ note }) => note());
      const input = {
        gpu,
        view,
        pipeline: theModel(),
        scene: open,
        settings,
        emit,
        onStep,
        wanted: () => wanted,
      };
      edit = open.store.settled().then(() => createEditRun(input));
      try {
        running = await edit;
        return await running.run();
      } finally {
        edit = undefined;
        running = undefined;
        await show(open.store.doc);
        tell();
      }
    },
    change: async ({ change }) => (await edit)?.job.change(change),
    wantPictures: (request) => void (wanted = request),
    pause: async () => (await edit)?.job.pause(),
    resume: async () => (await edit)?.job.resume(),
    stop: async () => (await edit)?.job.stop(),
    cancel: async () => (await edit)?.job.cancel(),
  };
}

/** Only reads; the worker of the models changes what is stored. */
const openModel = (source: ModelSource, purpose?: Purpose) =>
  openSource(source, () => createModelStore({ store: browserStore(), net: { fetch, hub: HUB } }), purpose);

/** Says to other tabs that models are in use. Their networks are read when first run, so they have to stay. */
async function useModels(sources: readonly ModelSource[]): Promise<Release> {
  const held: Release[] = [];
  const letGo = (): void => held.forEach((release) => release());
  for (const source of sources) {
    if (source.kind !== "stored") continue;
    try {
      held.push(await useStoredModel(webLocks, source.id));
    } catch (error) {
      letGo();
      throw error;
    }
  }
  return letGo;
}

/** What a picture has no room for, every frame tries again. Milliseconds. */
const TOLD_EVERY = 10_000;

/** A history with one change more. */
const continued = ({ docs, labels, cursor }: Timeline, label: string, doc: Doc): Timeline => ({
  docs: [...docs.slice(0, cursor + 1), doc],
  labels: [...labels.slice(0, cursor), label],
  cursor: cursor + 1,
});

function need<T>(value: T | undefined, message: string, hint = ""): T {
  if (value === undefined) throw new UserError(message, hint);
  return value;
}

const moved = (file: SavedScene): Moved<SavedScene> => new Moved(file, [file.bytes]);

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function nameOf({ adapterInfo }: Gpu): string {
  const { description, vendor, architecture } = adapterInfo;
  return description || [vendor, architecture].filter(Boolean).join(" ") || "GPU";
}
