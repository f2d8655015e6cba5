import { createStore, type StoreApi } from "zustand/vanilla";
import type { WordRole } from "../edit/settings-check.ts";
import type { HistoryStatus } from "../core/history.ts";
import { ALL_READ, type PromptCheck } from "../diffusion/check-prompt.ts";
import { EMBEDDED_MODELS } from "../diffusion/embedded-models.ts";
import type { StepProgress, WantedPictures } from "../edit/events.ts";
import type { RunState } from "../edit/run-loop.ts";
import type { Sphere } from "../scene/bounds.ts";
import type {
  DocumentInfo,
  FreeU,
  LogLine,
  MachineInfo,
  PipelineInfo,
  Provider,
  RecoveryEntry,
  RunReport,
  SceneInfo,
} from "../worker/protocol.ts";
import type { ChosenEncoder, ChosenModel } from "./chosen-model.ts";
import type { DemoScene } from "./demo-scenes.ts";
import { emptyForm, type EditForm } from "./form.ts";
import type { RecentScene } from "./recent.ts";
import { EMPTY_TRACE, type Trace } from "./trace.ts";

/** What went wrong and what to do about it, as `UserError` has it. */
export interface Problem {
  readonly message: string;
  readonly hint: string;
}

export type Loadable<T> =
  | { readonly status: "loading" }
  | { readonly status: "ready"; readonly value: T }
  | { readonly status: "failed"; readonly problem: Problem };

export interface LogEntry extends LogLine {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** An edit that was kept: what was asked, and how it went. */
export interface RunRecord extends RunReport {
  /** Of the edit in the document. */
  readonly id: string;
  readonly form: EditForm;
}

export interface KeptFolder {
  readonly handle: FileSystemDirectoryHandle;
  /** Its model was the last one, and may not be read until the user says so. */
  readonly isWanted: boolean;
}

/** Everything the page shows. Small and serialisable: splats, pictures and GPU objects live in the worker. */
export interface SessionState {
  readonly machine: Loadable<MachineInfo>;
  readonly model: Loadable<PipelineInfo>;
  /** Where the model shall compute. */
  readonly provider: Provider | "auto";
  /** Bytes that the model's networks may take; undefined where they are assumed. */
  readonly memoryBudget: number | undefined;
  /** Which model is, or is to be, loaded. */
  readonly chosen: ChosenModel;
  /** Whose encoder stands in for the chosen one's own. */
  readonly encoder: ChosenEncoder | undefined;
  /** The folder that a model was loaded from last, now or on an earlier visit. */
  readonly folder: KeptFolder | undefined;
  /** What changes the UNet, if anything does. */
  readonly freeU: FreeU | undefined;
  readonly demos: readonly DemoScene[];
  /** Id of the demo scene that is open. */
  readonly demo: string | undefined;
  readonly scene: SceneInfo | undefined;
  /** Where the open scene lies on the user's disk, if the page may know. */
  readonly file: FileSystemFileHandle | undefined;
  /** Scenes last opened, newest first. */
  readonly recent: readonly RecentScene[];
  /** Layers, selection and history of what is open. */
  readonly document: DocumentInfo | undefined;
  /** Unsaved work of tabs that are gone, to be offered. */
  readonly recovery: readonly RecoveryEntry[];
  /** What the page waits for, in words; undefined when it is at rest. */
  readonly busy: string | undefined;
  /** A scene that comes from an address or is read, which can be stopped: how far it is, from 0 to 1, if known. */
  readonly loading: { readonly share: number | undefined } | undefined;
  /** How far the film is that is being made, from 0 to 1. */
  readonly filmed: number | undefined;
  readonly form: EditForm;
  /** What the model will not read of the words. */
  readonly unread: Readonly<Record<WordRole, PromptCheck>>;
  /** `ended` before the first run and after each. */
  readonly runState: RunState;
  readonly progress: StepProgress | undefined;
  /** Pictures of the run beside the usual. */
  readonly wanted: WantedPictures;
  /** The course of the run under way or last ended. */
  readonly trace: Trace;
  /** Edits of this scene that were kept, in order. */
  readonly runs: readonly RunRecord[];
  readonly history: HistoryStatus;
  readonly problem: Problem | undefined;
  readonly log: readonly LogEntry[];
}

export type SessionStore = StoreApi<SessionState>;

export const createSessionStore = (): SessionStore =>
  createStore<SessionState>(() => ({
    machine: { status: "loading" },
    model: { status: "loading" },
    provider: "auto",
    memoryBudget: undefined,
    chosen: { kind: "embedded", id: EMBEDDED_MODELS[0].id },
    encoder: undefined,
    folder: undefined,
    freeU: undefined,
    demos: [],
    demo: undefined,
    scene: undefined,
    file: undefined,
    recent: [],
    document: undefined,
    recovery: [],
    busy: undefined,
    loading: undefined,
    filmed: undefined,
    form: emptyForm(),
    unread: { source: ALL_READ, target: ALL_READ, negative: ALL_READ },
    runState: "ended",
    progress: undefined,
    wanted: {},
    trace: EMPTY_TRACE,
    runs: [],
    history: {},
    problem: undefined,
    log: [],
  }));

const LOG_LINES = 200;

/** Appends a line, forgetting the oldest. */
export function logLine(store: SessionStore, line: LogLine): void {
  store.setState(({ log }) => ({
    log: [...log.slice(1 - LOG_LINES), { ...line, id: (log.at(-1)?.id ?? 0) + 1, time: Date.now() }],
  }));
}

export const isRunning = ({ runState }: Pick<SessionState, "runState">): boolean => runState !== "ended";

/** Where the object is that the scene is about, where it is known to be about one; it goes where everything goes. */
export const objectOf = ({ scene, document }: Pick<SessionState, "scene" | "document">): Sphere | undefined =>
  scene?.region && (document?.focus ?? scene.region);
