import { UserError, isAbort } from "../core/errors.ts";
import { createTurns } from "../core/turns.ts";
import { presets } from "../diffusion/presets.ts";
import type { StepPictures } from "../edit/events.ts";
import { counted } from "../formats/words.ts";
import type { EngineClient } from "../worker/client.ts";
import type { LogLine, ProviderComparison, RunReport, SceneHints } from "../worker/protocol.ts";
import { fetchDemoScene, fetchDemoScenes } from "./demo-scenes.ts";
import {
  describeChange,
  forModel,
  forScene,
  liveChange,
  toSettings,
  withMethod,
  withPreset,
  type EditForm,
} from "./form.ts";
import {
  createSessionStore,
  isRunning,
  logLine,
  type Problem,
  type SessionState,
  type SessionStore,
} from "./store.ts";

export interface SavedFile {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** Everything the page can do. What comes of it is in the store; nothing here rejects. */
export interface Session {
  readonly store: SessionStore;
  readonly engine: EngineClient;
  /** Brings up the GPU, the embedded model and the first demo scene. Each GPU gets a canvas of its own. */
  begin(newCanvas: () => OffscreenCanvas): Promise<void>;
  /** Brings the GPU back after it was lost, with the scene as it was. */
  restart(): Promise<void>;
  openFile(file: File): Promise<void>;
  openDemo(id: string): Promise<void>;
  exportScene(): Promise<SavedFile | undefined>;
  /** Fills in the form; during a run, what can change acts from the next step. */
  fill(patch: Partial<EditForm>): void;
  choosePreset(id: string): void;
  chooseMethod(id: string): void;
  edit(): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): void;
  cancel(): void;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** Moves the model to the GPU or the CPU. */
  chooseProvider(provider: SessionState["provider"]): Promise<void>;
  /** Runs the UNet once on either. */
  compareProviders(): Promise<ProviderComparison | undefined>;
  /** Shows the scene as it was opened for as long as `original`. */
  compare(original: boolean): void;
  dismissProblem(): void;
  onPictures(listener: (pictures: StepPictures) => void): () => void;
}

const MODEL_FOLDER = "models/mini/";
const WORD_CHECK_DELAY = 200; // ms
const CHANGE_LOG_DELAY = 400; // ms

export function createSession(engine: EngineClient, baseUrl: string): Session {
  const store = createSessionStore();
  const modelUrl = new URL(MODEL_FOLDER, baseUrl).href;
  const { getState: get, setState: set } = store;
  const say = (level: LogLine["level"], text: string): void => logLine(store, { level, text });

  const report = (error: unknown): Problem => {
    const problem = toProblem(error);
    say("error", [problem.message, problem.hint].filter(Boolean).join(" "));
    if (!(error instanceof UserError)) console.error(error);
    return problem;
  };

  const show = (error: unknown): void => {
    if (!isAbort(error)) set({ problem: report(error) });
  };

  /** Scenes open one after the other, and only once the engine is up: the last one asked for stays. */
  const inTurn = createTurns();

  /** Does something the page waits for; a failure becomes the problem shown. */
  const attempt = async <T>(busy: string, work: () => Promise<T>): Promise<T | undefined> => {
    set({ busy, problem: undefined });
    try {
      return await work();
    } catch (error) {
      show(error);
      return undefined;
    } finally {
      set({ busy: undefined });
    }
  };

  let newCanvas: () => OffscreenCanvas;
  const bringUp = async (): Promise<boolean> => {
    set({ machine: { status: "loading" } });
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

  const loadModel = async (): Promise<void> => {
    set({ model: { status: "loading" } });
    try {
      const { provider } = get();
      const model = await engine.call("loadModel", { url: modelUrl, provider });
      set(({ form }) => ({ model: { status: "ready", value: model }, form: forModel(form, model) }));
      say("info", `Model: ${model.name}, on ${model.provider === "webgpu" ? "the GPU" : "the CPU (wasm)"}.`);
      checkWords();
    } catch (error) {
      set({ model: { status: "failed", problem: report(error) } });
    }
  };

  const open = async (name: string, bytes: ArrayBuffer, hints?: SceneHints): Promise<void> => {
    const scene = await engine.call("openScene", { name, bytes, ...(hints && { hints }) }, [bytes]);
    set(({ form }) => ({ scene, demo: undefined, progress: undefined, form: forScene(form, scene) }));
    say("info", `Opened ${scene.name}: ${counted(scene.count, "splat")}, SH ${scene.shDegree}.`);
    for (const warning of scene.warnings) say("warning", warning);
  };

  let wordTimer: ReturnType<typeof setTimeout> | undefined;
  const checkWords = (): void => {
    clearTimeout(wordTimer);
    wordTimer = setTimeout(async () => {
      if (get().model.status !== "ready") return;
      const { source, target } = get().form;
      const [inSource, inTarget] = await Promise.all(
        [source, target].map((text) => engine.call("unknownWords", { text }).catch(() => [])),
      );
      set({ unknownWords: { source: inSource!, target: inTarget! } });
    }, WORD_CHECK_DELAY);
  };

  let changeTimer: ReturnType<typeof setTimeout> | undefined;
  let unlogged: EditForm | undefined;
  /** Logs what the user changed during a run, once the slider has come to rest. */
  const noteChange = (before: EditForm): void => {
    unlogged ??= before;
    clearTimeout(changeTimer);
    changeTimer = setTimeout(() => {
      const what = unlogged && describeChange(unlogged, get().form);
      unlogged = undefined;
      if (what) say("info", `${what} from step ${(get().progress?.step ?? 0) + 1}.`);
    }, CHANGE_LOG_DELAY);
  };

  const fill = (patch: Partial<EditForm>): void => {
    const before = get().form;
    set({ form: { ...before, ...patch } });
    if (patch.source !== undefined || patch.target !== undefined) checkWords();
    if (!isRunning(get())) return;
    noteChange(before);
    void engine.call("change", { change: liveChange(patch) }).catch(show);
  };

  const openDemo = async (id: string): Promise<void> => {
    const demo = get().demos.find((candidate) => candidate.id === id);
    if (!demo) return;
    await attempt(`Opening ${demo.name} …`, async () => {
      await open(demo.file, await fetchDemoScene(baseUrl, demo), demo);
      set({ demo: id });
      fill({ source: demo.edits[0]?.source ?? demo.source, target: demo.edits[0]?.target ?? "" });
    });
  };

  const openFile = async (file: File): Promise<void> => {
    await attempt(`Opening ${file.name} …`, async () => open(file.name, await file.arrayBuffer()));
  };

  const start = async (): Promise<void> => {
    if (!(await bringUp())) return;
    // The scene should be seen before the model takes the machine.
    const [first] = get().demos;
    if (first && !get().scene) await openDemo(first.id);
    await loadModel();
  };
  const restart = (): Promise<void> => inTurn(start);

  engine.on("log", (line) => logLine(store, line));
  engine.on("history", (history) => set({ history }));
  engine.on("runState", ({ state }) => set({ runState: state }));
  engine.on("step", (progress) => set({ progress }));
  engine.on("lost", ({ message }) => {
    say("error", message);
    void restart();
  });

  const send = (name: "pause" | "resume" | "stop" | "cancel") => () => void engine.call(name, {}).catch(show);
  const travel = (name: "undo" | "redo", label: string) => async (): Promise<void> => {
    const history = await attempt(label, () => engine.call(name, {}));
    if (history) set({ history });
  };

  return {
    store,
    engine,
    restart,
    openDemo: (id) => inTurn(() => openDemo(id)),
    openFile: (file) => inTurn(() => openFile(file)),
    fill,
    begin(makeCanvas) {
      newCanvas = makeCanvas;
      return inTurn(async () => {
        try {
          set({ demos: await fetchDemoScenes(baseUrl) });
        } catch (error) {
          report(error);
        }
        await start();
      });
    },
    exportScene: () => attempt("Writing the file …", () => engine.call("exportScene", {})),
    choosePreset: (id) => fill(withPreset(get().form, presets.get(id))),
    chooseMethod: (id) => fill(withMethod(get().form, id)),
    async edit() {
      const { scene, form } = get();
      if (!scene) return;
      set({ problem: undefined, progress: undefined, runState: "running" });
      try {
        say("info", summary(await engine.call("edit", { settings: toSettings(form) })));
      } catch (error) {
        show(error);
      } finally {
        set({ runState: "ended" });
      }
    },
    async chooseProvider(provider) {
      set({ provider });
      await loadModel();
    },
    compareProviders: () =>
      attempt("Comparing GPU and CPU …", () => engine.call("compareProviders", { url: modelUrl })),
    pause: send("pause"),
    resume: send("resume"),
    stop: send("stop"),
    cancel: send("cancel"),
    undo: travel("undo", "Undoing …"),
    redo: travel("redo", "Redoing …"),
    compare: (original) => void engine.call("compare", { original }).catch(report),
    dismissProblem: () => set({ problem: undefined }),
    onPictures: (listener) => engine.on("pictures", listener),
  };
}

const NO_THREADS =
  "The server sends no COOP and COEP headers, so a model on the CPU has to do with a single thread.";

const OUTCOMES = {
  finished: "finished",
  stopped: "stopped and kept",
  cancelled: "cancelled",
  lost: "lost its GPU and was kept as it was",
} as const;

const summary = ({ outcome, steps, seconds }: RunReport): string =>
  `Edit ${OUTCOMES[outcome]} after ${counted(steps, "step")} in ${seconds.toFixed(1)} s.`;

function toProblem(error: unknown): Problem {
  if (error instanceof UserError) return { message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return {
    message: "Something went wrong inside Splatsmith.",
    hint: `This is a bug: ${message} The browser's console has more.`,
  };
}
