import type { Camera, Vec3 } from "../camera/camera.ts";
import type { HistoryStatus } from "../core/history.ts";
import type { ExportOptions } from "../document/export.ts";
import type { FloaterReport } from "../document/floaters.ts";
import type { Histogram, HistogramRequest } from "../document/histogram.ts";
import type { DocumentInfo } from "../document/info.ts";
import type { RecoveryEntry } from "../document/recovery/journal.ts";
import type { ScreenShape } from "../document/screen.ts";
import type { SelectMode } from "../document/select.ts";
import type { CommandRequest } from "../document/store.ts";
import type { Region } from "../edit/mask.ts";
import type { StepPictures, StepProgress, WantedPictures } from "../edit/events.ts";
import type { PromptCheck } from "../diffusion/check-prompt.ts";
import type { Provider } from "../diffusion/session.ts";
import type { PipelineInfo } from "../diffusion/pipeline.ts";
import type { RunOutcome, RunState } from "../edit/run-loop.ts";
import type { SettingsChange } from "../edit/settings-change.ts";
import type { EditSettings } from "../edit/settings.ts";
import type { ModelSource } from "../models/model-source.ts";
import type { FreeU } from "../onnx/passes/free-u.ts";
import type { Sphere } from "../scene/bounds.ts";
import type { Similarity } from "../scene/transform.ts";
import type { DrawnFrame } from "./frame-loop.ts";

export type { DocumentInfo, EditInfo, LayerInfo } from "../document/info.ts";
export type { FloaterReport } from "../document/floaters.ts";
export type { Histogram, HistogramRequest } from "../document/histogram.ts";
export type { ExportOptions } from "../document/export.ts";
export type { RecoveryEntry } from "../document/recovery/journal.ts";
export type { ScreenShape } from "../document/screen.ts";
export type { SelectMode } from "../document/select.ts";
export type { CommandRequest } from "../document/store.ts";
export type { DrawnFrame } from "./frame-loop.ts";
export type { FreeU } from "../onnx/passes/free-u.ts";
export type { PipelineInfo } from "../diffusion/pipeline.ts";
export type { Provider } from "../diffusion/session.ts";

/** What the page and the engine's worker say to each other. Everything here survives structured cloning. */
export interface EngineCalls {
  /** Obtains the GPU device and draws on the canvas. First of all calls; again after the device was lost. */
  start(request: { readonly canvas: OffscreenCanvas }): MachineInfo;
  /** Loads a model in place of the one before. On an error that one stays. */
  loadModel(request: {
    readonly source: ModelSource;
    readonly provider: Provider | "auto";
    /** Bytes that its networks may take; assumed unless given. */
    readonly memoryBudget?: number | undefined;
    /** Whose encoder stands in for the model's own. */
    readonly encoder?: ModelSource;
    /** Changes the UNet. */
    readonly freeU?: FreeU | undefined;
  }): PipelineInfo;
  /** What the model will not read of a prompt. */
  checkPrompt(request: { readonly text: string }): PromptCheck;
  /**
   * How close the gradients of an encoder that stands in are to the own one's, a cosine for each of a few views of the
   * scene.
   */
  compareEncoders(request: { readonly settings: EditRequest }): readonly number[];
  /** Runs the UNet once on either execution provider, on the same input. */
  compareProviders(request: { readonly source: ModelSource }): ProviderComparison;

  /** Reads a scene file and shows it in place of the document before. On an error that one stays. */
  openScene(request: {
    readonly name: string;
    readonly bytes: ArrayBuffer;
    readonly hints?: SceneHints;
  }): SceneInfo & { readonly isOpenElsewhere: boolean };
  /** Gives up the file that is being read; its call rejects with an AbortError, and nothing has changed. */
  stopReading(request: Record<never, never>): void;
  exportScene(request: Record<never, never>): SavedScene;
  /** Reads a scene file and adds it to the document as a layer, which can be undone. */
  addScene(request: { readonly name: string; readonly bytes: ArrayBuffer }): DocumentInfo;
  /** A draft does not count as saved until `markSaved` says so. */
  exportDocument(request: ExportOptions & { readonly isDraft?: boolean }): SavedScene;
  /** The last draft is in a file of the user's now. */
  markSaved(request: Record<never, never>): void;

  /** Unsaved work of tabs that are gone, newest first. */
  listRecovery(request: Record<never, never>): readonly RecoveryEntry[];
  /** Opens such work with its history, in place of the document before. */
  recover(request: { readonly id: string }): SceneInfo;
  discardRecovery(request: { readonly id: string }): void;

  /**
   * Does a command of src/document/commands: its id, and values for what its `params` declare. Throws a UserError, and
   * changes nothing, for what makes no sense.
   */
  runCommand(request: CommandRequest): DocumentInfo;
  /** Undoes or redoes until so many entries of the history are in effect. */
  travel(request: { readonly cursor: number }): DocumentInfo;
  /** Selects what lies under a shape in the picture of the camera as it is. */
  selectScreen(request: ScreenSelection): DocumentInfo;
  /** How an attribute is spread over what can be selected. */
  histogram(request: HistogramRequest): Histogram;
  /** Proposes splats to delete, shown tinted until `floaters.accept` or `floaters.discard`; strength from 0 to 1. */
  proposeFloaters(request: { readonly strength: number }): FloaterReport;
  /**
   * Shows the target of a transform elsewhere, as `transform.apply` with the same values would put it, while a gizmo is
   * dragged. Without a transform, or after any change of the document, everything is shown where it is.
   */
  previewTransform(request: { readonly target?: string; readonly by?: Similarity }): void;
  /** How strongly selection and proposals are shown, from 0 (as an export has it) to 1. */
  highlight(request: { readonly strength: number }): void;

  /** The camera's picture has as many pixels as the canvas shall have. */
  setCamera(request: { readonly camera: Camera }): void;
  /** The point of the scene at a position in the picture, in pixels; undefined where it is empty. */
  pick(request: { readonly x: number; readonly y: number }): Vec3 | undefined;
  /** Red, green and blue, from 0 to 1, of the scene at a position in the picture; undefined where it is empty. */
  colorAt(request: { readonly x: number; readonly y: number }): Vec3 | undefined;
  /** Shows something else than the scene until called without it: everywhere, or in the left `share` of the picture. */
  compare(request: { readonly to?: Comparison; readonly share?: number }): void;

  /** What the camera sees, as a PNG file; without what is shown of selections. */
  savePicture(request: PictureRequest): SavedScene;
  /** One turn around the scene as a film, from where the camera is. Events tell how far it is. */
  saveTurntable(request: TurntableRequest): SavedScene;
  /** Ends the film that is being made; its call rejects with an AbortError. */
  stopFilming(request: Record<never, never>): void;

  /** Answers when the run has ended; events tell how it goes. */
  edit(request: { readonly settings: EditRequest }): RunReport;
  /** Changes settings of the run; they act from the next step. Those that cannot are refused. */
  change(request: { readonly change: SettingsChange }): void;
  /** Pictures to be made of this run and later ones beside the usual, in place of those wanted before. */
  wantPictures(request: WantedPictures): void;
  pause(request: Record<never, never>): void;
  resume(request: Record<never, never>): void;
  stop(request: Record<never, never>): void;
  cancel(request: Record<never, never>): void;

  undo(request: Record<never, never>): HistoryStatus;
  redo(request: Record<never, never>): HistoryStatus;
}

export interface EngineEvents {
  log: LogLine;
  /** Something went wrong that no call waits for, and the user can do something about it. */
  problem: { readonly message: string; readonly hint: string };
  history: HistoryStatus;
  /** After every change of the document. */
  document: DocumentInfo;
  /** Whether the canvas shows the latest state at full resolution. */
  view: { readonly isSettled: boolean };
  /** After every frame. */
  drawn: DrawnFrame;
  runState: { readonly state: RunState };
  step: StepProgress;
  /** The last training view, and what the edit wants to change in it. */
  pictures: StepPictures;
  /** How far the reading of a file is, from 0 to 1, if it takes long enough to ask. */
  reading: { readonly share: number };
  /** How far a film is, from 0 to 1. */
  filmed: { readonly share: number };
  /** The device is gone. The scene is kept in memory; `start` brings it back. */
  lost: { readonly message: string };
}

export interface MachineInfo {
  /** Name of the GPU, or of the software that stands in for it. */
  readonly adapter: string;
  readonly isSoftware: boolean;
  /** Whether wasm may use threads (the page is cross-origin isolated). */
  readonly hasThreads: boolean;
}

/** What the opener knows of a scene beyond its file. */
export interface SceneHints {
  readonly up?: Vec3;
  /** A ball around the object. */
  readonly region?: Sphere;
}

export interface SceneInfo {
  readonly name: string;
  readonly count: number;
  readonly shDegree: number;
  /** What views look at: the region given, else the robust bounds. */
  readonly focus: Sphere;
  /** Where the object is, if the opener knew. */
  readonly region?: Sphere;
  readonly up: Vec3;
  /** What the reader noticed but could live with. */
  readonly warnings: readonly string[];
}

export interface SavedScene {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

export interface PictureRequest {
  /** Of the picture, pixels. */
  readonly longSide: number;
  /** Without a background: what the scene does not cover stays transparent. */
  readonly isCutOut: boolean;
}

export interface TurntableRequest {
  readonly longSide: number;
  readonly seconds: number;
  readonly fps: number;
}

export interface ScreenSelection {
  readonly shape: ScreenShape;
  readonly mode: SelectMode;
  /** Leave out what is behind the surface that is seen. */
  readonly surfaceOnly: boolean;
  /** Select what covers a pixel of the shape, rather than what has its centre in it. */
  readonly footprint: boolean;
}

/** Splats that are hidden, locked or deleted are never in an edit's region. */
export type EditRegion = Region | { readonly kind: "selection" };
export type EditRequest = Omit<EditSettings, "region"> & { readonly region: EditRegion };

/** The scene as it was when opened, or as it would be without an edit from words. */
export type Comparison = "original" | { readonly without: string };

export interface RunReport {
  readonly outcome: RunOutcome | "lost";
  readonly steps: number;
  readonly seconds: number;
}

export interface LogLine {
  readonly level: "info" | "warning" | "error";
  readonly text: string;
}

export interface ProviderComparison {
  /** Largest difference of the UNet's outputs, relative to their largest magnitude. */
  readonly relativeError: number;
  readonly webgpuMs: number;
  readonly wasmMs: number;
}
