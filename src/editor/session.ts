import { UserError } from "../core/errors.ts";
import { isSame } from "../core/same.ts";
import { createTurns } from "../core/turns.ts";
import { EMBEDDED_MODELS } from "../diffusion/embedded-models.ts";
import { counted } from "../formats/words.ts";
import { freeUInWords } from "../onnx/passes/free-u.ts";
import type { EngineClient } from "../worker/client.ts";
import type { Comparison, FreeU, ProviderComparison, SceneHints } from "../worker/protocol.ts";
import { nameOf, sourceOf, type ChosenEncoder, type ChosenModel } from "./chosen-model.ts";
import { fetchDemoScene, fetchDemoScenes } from "./demo-scenes.ts";
import { createDocumentActions, type DocumentActions } from "./document-actions.ts";
import { forModel, forScene, toSettings, withFocusMoved } from "./form.ts";
import { allow, isAllowed } from "./handles.ts";
import { folderBehind, type FolderMemory } from "./kept-folder.ts";
import type { LaunchedFiles } from "./launched.ts";
import type { Preferences } from "./page.ts";
import { fileOf } from "./recent.ts";
import { createRecovery, type RecoveryActions } from "./recovery.ts";
import { createReporting } from "./reporting.ts";
import { createRuns, type RunActions } from "./runs.ts";
import { createSceneFiles, type SceneFiles } from "./scene-files.ts";
import { suggestedRegion, suggestionOf } from "./suggest.ts";
import { createSessionStore, logLine, type SessionState, type SessionStore } from "./store.ts";
import { EMPTY_TRACE } from "./trace.ts";

export interface SavedFile {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** Everything the page can do. What comes of it is in the store; nothing here rejects. */
export interface Session extends RunActions, DocumentActions, RecoveryActions, SceneFiles {
  readonly store: SessionStore;
  readonly engine: EngineClient;
  /** Brings up the GPU, what to open or else the first demo scene, and the model. Each GPU gets a canvas of its own. */
  begin(newCanvas: () => OffscreenCanvas, first?: FirstScene): Promise<void>;
  /** Brings the GPU back after it was lost, with the scene as it was. */
  restart(): Promise<void>;
  /** Opens files of one launch of the installed app: the first, and the others as layers of it. */
  openLaunched(files: LaunchedFiles): Promise<void>;
  openDemo(id: string): Promise<void>;
  exportScene(): Promise<SavedFile | undefined>;
  /** Moves the model to the GPU or the CPU. */
  chooseProvider(provider: SessionState["provider"]): Promise<void>;
  /** Says how many bytes the model may take; undefined for what is assumed. */
  chooseMemory(memoryBudget: number | undefined): Promise<void>;
  /** Loads the model with its UNet changed by FreeU, or as it is again. */
  chooseFreeU(freeU: FreeU | undefined): Promise<void>;
  /** Loads another model. One that cannot be loaded leaves the one before. */
  chooseModel(chosen: ChosenModel): Promise<void>;
  /** Loads the model in the folder that was used last, which the user may have to allow. */
  chooseKeptFolder(): Promise<void>;
  /** Does without that folder for now. */
  leaveKeptFolder(): void;
  /** Loads the model with another's encoder in place of its own, or with its own again. */
  chooseEncoder(encoder: ChosenEncoder | undefined): Promise<void>;
  /** How close the gradients of such an encoder are to the own one's, on a few views of the scene. */
  compareEncoders(): Promise<readonly number[] | undefined>;
  /** Loads the model again, after it could not be. */
  reloadModel(): Promise<void>;
  /** Runs the UNet once on either. */
  compareProviders(): Promise<ProviderComparison | undefined>;
  /** Shows something else than the scene until called without it, in the left `share` of the picture or all of it. */
  compare(to?: Comparison, share?: number): void;
  dismissProblem(): void;
}

/** What of the choice of a model stays between visits. */
export type KeptChoice = Pick<Preferences, "model" | "memoryBudget">;

/** What the page was started with. */
export interface FirstScene {
  readonly address?: string | undefined;
  readonly files?: LaunchedFiles | undefined;
}

export interface ModelMemory {
  readonly kept?: KeptChoice;
  readonly remember?: (choice: Partial<KeptChoice>) => void;
  readonly folders?: FolderMemory;
}

type ModelChange = Partial<Pick<SessionState, "chosen" | "provider" | "encoder" | "memoryBudget" | "freeU">>;

/** @param memory of what was chosen on earlier visits */
export function createSession(
  engine: EngineClient,
  baseUrl: string,
  { kept, remember = () => {}, folders }: ModelMemory = {},
): Session {
  const store = createSessionStore();
  if (kept) {
    const { model, memoryBudget } = kept;
    store.setState({ memoryBudget, ...(model.kind !== "folder" && { chosen: model }) });
  }
  const { getState: get, setState: set } = store;
  const reporting = createReporting(store);
  const { say, report, show, attempt } = reporting;

  /** Scenes open one after the other, and only once the engine is up: the last one asked for stays. */
  const inTurn = createTurns();
  /** The same, and nobody waits for an address to load any longer. */
  const instead = (open: () => Promise<void>): Promise<void> => {
    sceneFiles.stopLoading();
    return inTurn(open);
  };

  let newCanvas: () => OffscreenCanvas;
  const bringUp = async (): Promise<boolean> => {
    set({ machine: { status: "loading" }, model: { status: "loading" } });
    try {
      const machine = await engine.start(newCanvas());
      set({ machine: { status: "ready", value: machine } });
      say("info", `Graphics: ${machine.adapter}${machine.isSoftware ? " (software, slow)" : ""}.`);
      if (!machine.hasThreads) say("warning", NO_THREADS);
      return true;
    } catch (error) {
      set({ machine: { status: "failed", problem: report(error) } });
      return false;
    }
  };

  const loadModel = async (change: ModelChange = {}): Promise<void> => {
    const { model: before, ...state } = get();
    const { chosen, provider, encoder, memoryBudget, freeU } = { ...state, ...change };
    set({ model: { status: "loading" } });
    try {
      const model = await engine.call("loadModel", {
        ...{ source: sourceOf(chosen, baseUrl), provider, memoryBudget, freeU },
        ...(encoder && { encoder: sourceOf(encoder, baseUrl) }),
      });
      set(({ form }) => ({
        ...{ chosen, provider, encoder, memoryBudget, freeU, model: { status: "ready", value: model } },
        form: forModel(form, model),
      }));
      const place = model.provider === "webgpu" ? "the GPU" : "the CPU (wasm)";
      const standsIn = encoder ? `, with the encoder of ${nameOf(encoder)} (${model.encoder})` : "";
      const changed = freeU ? `, ${freeUInWords(freeU)}` : "";
      say("info", `Model: ${model.name}, on ${place} in ${model.precision.precision}${standsIn}${changed}.`);
      runs.checkWords();
    } catch (error) {
      const problem = report(error);
      set(before.status === "ready" ? { model: before, problem } : { model: { status: "failed", problem } });
    }
  };

  /** The folder that a model was loaded from on an earlier visit: it is the model again if it was last and may be read. */
  const findFolder = async (): Promise<void> => {
    try {
      const handle = await folders?.load();
      if (!handle) return;
      const isLast = kept?.model.kind === "folder" && kept.model.name === handle.name;
      const isReadable = await isAllowed(handle, "read");
      set({ folder: { handle, isWanted: isLast && !isReadable } });
      if (isLast && isReadable) set({ chosen: { kind: "folder", ...(await folderBehind(handle)) } });
    } catch (error) {
      report(error);
    }
  };
  let folderFound: Promise<void> | undefined;

  /** What was chosen on an earlier visit may have been deleted since. */
  const loadLastModel = async (): Promise<void> => {
    await (folderFound ??= findFolder());
    await loadModel();
    const { model, chosen } = get();
    if (model.status !== "failed" || chosen.kind === "embedded") return;
    say(
      "warning",
      `${nameOf(chosen)} cannot be loaded now; the model that comes with Splatsmith stands in for it.`,
    );
    await loadModel({ chosen: { kind: "embedded", id: EMBEDDED_MODELS[0].id }, ...ITS_OWN });
  };

  const choose = (change: ModelChange): Promise<void> => {
    set({ problem: undefined });
    return loadModel(change);
  };

  const keepFolder = async (handle: FileSystemDirectoryHandle): Promise<void> => {
    set({ folder: { handle, isWanted: false } });
    try {
      await folders?.save(handle);
      remember({ model: { kind: "folder", name: handle.name } });
    } catch (error) {
      say("warning", `The folder of the model is not remembered: ${String(error)}.`);
    }
  };

  const chooseModel = async (chosen: ChosenModel): Promise<void> => {
    await choose({ chosen, ...ITS_OWN });
    if (get().chosen !== chosen) return;
    set(({ folder }) => ({ folder: folder && { ...folder, isWanted: false } }));
    if (chosen.kind !== "folder") remember({ model: chosen });
    else if (chosen.handle) await keepFolder(chosen.handle);
  };

  const open = async (name: string, bytes: ArrayBuffer, hints?: SceneHints): Promise<void> => {
    const request = { name, bytes, ...(hints && { hints }) };
    const { isOpenElsewhere, ...scene } = await engine.call("openScene", request, [bytes]);
    set(({ form, demos }) => ({ ...FRESH, scene, form: forScene(form, scene, demos) }));
    say("info", `Opened ${scene.name}: ${counted(scene.count, "splat")}, SH ${scene.shDegree}.`);
    for (const warning of scene.warnings) say("warning", warning);
    if (!isOpenElsewhere) return;
    // A demo scene that nobody has touched may well be open twice.
    if (hints) say("warning", OPEN_ELSEWHERE.message);
    else show(OPEN_ELSEWHERE);
  };

  const openDemo = async (id: string): Promise<void> => {
    const demo = get().demos.find((candidate) => candidate.id === id);
    if (!demo) return;
    await attempt(`Opening ${demo.name} …`, async () => {
      await open(demo.file, await fetchDemoScene(baseUrl, demo), demo);
      set({ demo: id });
      const edit = suggestionOf(demo.edits[0] ?? { source: demo.source, target: "" });
      runs.fill({ source: edit.source, target: edit.target, region: suggestedRegion(edit, demo.region) });
    });
  };

  const sceneFiles = createSceneFiles({ engine, store, reporting, baseUrl, open });

  const openLaunched = async ([first, ...others]: LaunchedFiles): Promise<void> => {
    await sceneFiles.openRecent({ kind: "file", name: first.name, handle: first });
    for (const handle of others) {
      if (get().problem) return;
      const file = await attempt(`Adding ${handle.name} …`, () => fileOf(handle));
      if (file) await sceneFiles.addFile(file);
    }
  };

  const openFirst = async ({ address, files }: FirstScene): Promise<void> => {
    if (files) await openLaunched(files);
    else if (address) await sceneFiles.openAddress(address);
    const [first] = get().demos;
    if (!first || get().scene) return;
    const { problem } = get();
    await openDemo(first.id);
    if (problem) set({ problem });
  };

  let modelLoad = Promise.resolve();
  /** Whether there is a GPU now. */
  const start = async (first: FirstScene = {}): Promise<boolean> => {
    let isUp = false;
    await inTurn(async () => {
      await modelLoad; // a device is not taken away from under it
      isUp = await bringUp();
      if (!isUp) return;
      if (!get().scene) {
        void recovery.look();
        // The scene should be seen before the model takes the machine.
        await openFirst(first);
      }
      modelLoad = loadLastModel();
    });
    await modelLoad;
    return isUp;
  };

  engine.on("log", (line) => logLine(store, line));
  engine.on("problem", ({ message, hint }) => show(new UserError(message, hint)));
  engine.on("reading", ({ share }) => set({ busy: "Reading the scene …", loading: { share } }));
  engine.on("history", (history) => set({ history }));
  engine.on("document", (document) => set({ document }));
  store.subscribe(({ scene, document }, before) => {
    const [from, to] = [before.document?.focus, document?.focus];
    if (scene !== before.scene || !from || !to || isSame(from, to)) return;
    set(({ form }) => ({ form: withFocusMoved(form, from, to) }));
  });
  /** Losses since the scene has been seen whole: a device that goes as soon as it is there will go again. */
  let losses = 0;
  engine.on("view", ({ isSettled }) => {
    if (isSettled) losses = 0;
  });
  const comeBack = async (): Promise<void> => {
    if (await start()) say("info", "The GPU is back, and the scene is as it was.");
  };
  const giveUp = (): Promise<void> =>
    inTurn(() => set({ machine: { status: "failed", problem: report(KEEPS_FAILING) } }));
  engine.on("lost", ({ message }) => {
    say("error", message);
    void (++losses > MAX_LOSSES ? giveUp() : comeBack());
  });

  const documentActions = createDocumentActions(engine, store, reporting);
  const runs = createRuns(engine, store, reporting, documentActions.undo);
  const recovery = createRecovery(engine, store, reporting);

  return {
    store,
    engine,
    async restart() {
      losses = 0;
      await start();
    },
    openDemo: (id) => instead(() => openDemo(id)),
    openFile: (file, handle) => instead(() => sceneFiles.openFile(file, handle)),
    openAddress: (address) => instead(() => sceneFiles.openAddress(address)),
    openRecent: (recent) => instead(() => sceneFiles.openRecent(recent)),
    stopLoading: sceneFiles.stopLoading,
    forgetRecent: sceneFiles.forgetRecent,
    saveTo: sceneFiles.saveTo,
    openLaunched: (files) => instead(() => openLaunched(files)),
    addFile: sceneFiles.addFile,
    ...runs,
    ...documentActions,
    ...recovery,
    recover: (id) => instead(() => recovery.recover(id)),
    async begin(makeCanvas, first) {
      newCanvas = makeCanvas;
      void inTurn(async () => {
        try {
          set({ demos: await fetchDemoScenes(baseUrl) });
        } catch (error) {
          report(error);
        }
        void sceneFiles.look();
      });
      await start(first);
    },
    exportScene: () => attempt("Writing the file …", () => engine.call("exportScene", {})),
    chooseProvider: (provider) => choose({ provider }),
    async chooseMemory(memoryBudget) {
      await choose({ memoryBudget });
      if (get().memoryBudget === memoryBudget) remember({ memoryBudget });
    },
    chooseFreeU: (freeU) => choose({ freeU }),
    chooseModel,
    async chooseKeptFolder() {
      const { folder } = get();
      if (!folder) return;
      const picked = await attempt(`Reading ${folder.handle.name} …`, async () => {
        await allow(folder.handle, "read");
        return folderBehind(folder.handle);
      });
      if (picked) await chooseModel({ kind: "folder", ...picked });
    },
    leaveKeptFolder: () => set(({ folder }) => ({ folder: folder && { ...folder, isWanted: false } })),
    chooseEncoder: (encoder) => choose({ encoder }),
    compareEncoders: () =>
      attempt("Comparing encoders …", () =>
        engine.call("compareEncoders", { settings: toSettings(get().form) }),
      ),
    reloadModel: () => loadModel(),
    compareProviders: () =>
      attempt("Comparing GPU and CPU …", () =>
        engine.call("compareProviders", { source: sourceOf(get().chosen, baseUrl) }),
      ),
    compare: (to, share) =>
      void engine.call("compare", { ...(to && { to }), ...(share !== undefined && { share }) }).catch(report),
    dismissProblem: () => set({ problem: undefined }),
  };
}

/** What another model begins with: its parts as they are. */
const ITS_OWN = { encoder: undefined, freeU: undefined } as const satisfies ModelChange;

const NO_THREADS =
  "The server sends no COOP and COEP headers, so a model on the CPU has to do with a single thread.";

const OPEN_ELSEWHERE = new UserError(
  "This scene is open in another tab, too.",
  "What is done there does not appear here, and each saves over the other: go on in one of them.",
);

/** In a row, before it is left to the user to try again. */
const MAX_LOSSES = 3;

const KEEPS_FAILING = new UserError(
  "The GPU is lost again and again.",
  "The scene is kept in memory: export it. Close other tabs and programs that use the GPU, then try again; the scene " +
    "may also be too large for it.",
);

/** What a scene that was just opened starts with. */
const FRESH = {
  file: undefined,
  demo: undefined,
  progress: undefined,
  trace: EMPTY_TRACE,
  runs: [],
} as const satisfies Partial<SessionState>;
