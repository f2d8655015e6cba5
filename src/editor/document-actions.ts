import type { AnyFields } from "../core/params.ts";
import type { EngineClient } from "../worker/client.ts";
import type {
  ExportOptions,
  FloaterReport,
  Histogram,
  HistogramRequest,
  PictureRequest,
  ScreenSelection,
  TurntableRequest,
} from "../worker/protocol.ts";
import type { Vec3 } from "../camera/camera.ts";
import type { Similarity } from "../scene/transform.ts";
import type { Reporting } from "./reporting.ts";
import type { SavedFile } from "./session.ts";
import type { SessionStore } from "./store.ts";

/** What the page can ask of the open document. What comes of it is in the store; nothing here rejects. */
export interface DocumentActions {
  /**
   * Does a command of `src/document/commands`. With `amend`, instead of the newest entry of the history if that is of
   * the same command: while a slider is dragged.
   */
  command(id: string, params?: AnyFields, amend?: boolean): Promise<void>;
  /** Turns everything so that what is up now, as the form says or the document, becomes +y. */
  orient(): Promise<void>;
  selectScreen(selection: ScreenSelection): Promise<void>;
  /** Undoes or redoes until so many entries of the history are in effect. */
  travel(cursor: number): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  exportDocument(options: ExportOptions): Promise<SavedFile | undefined>;
  /** What the camera sees, as a PNG file. */
  savePicture(request: PictureRequest): Promise<SavedFile | undefined>;
  /** A film of one turn; undefined if it was stopped. */
  saveTurntable(request: TurntableRequest): Promise<SavedFile | undefined>;
  stopFilming(): void;
  histogram(request: HistogramRequest): Promise<Histogram | undefined>;
  proposeFloaters(strength: number): Promise<FloaterReport | undefined>;
  /** Shows a transform without making it; none shows everything where it is. */
  previewTransform(target?: string, by?: Similarity): void;
  /** How strongly the selection is shown, from 0 to 1. */
  highlight(strength: number): void;
  /** Point and colour of the scene at a pixel of the picture. */
  pointAt(x: number, y: number): Promise<Vec3 | undefined>;
  colorAt(x: number, y: number): Promise<Vec3 | undefined>;
}

export function createDocumentActions(
  engine: EngineClient,
  store: SessionStore,
  { show, attempt }: Reporting,
): DocumentActions {
  engine.on("filmed", ({ share }) => store.setState({ filmed: share }));

  /** Quick work: the page does not wait for it, but hears of its failure. */
  const quietly = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      show(error);
      return undefined;
    }
  };
  const enter = async (work: ReturnType<typeof engine.call<"travel">>): Promise<void> => {
    const document = await quietly(work);
    if (document) store.setState({ document });
  };
  const step = (way: "undo" | "redo") => async (): Promise<void> => {
    const history = await quietly(engine.call(way, {}));
    if (history) store.setState({ history });
  };

  return {
    command: (id, params = {}, amend = false) => enter(engine.call("runCommand", { id, params, amend })),
    async orient() {
      const { up } = store.getState().form;
      const params = up === "auto" ? {} : { up };
      const document = await quietly(
        engine.call("runCommand", { id: "transform.orient", params, amend: false }),
      );
      if (document) store.setState(({ form }) => ({ document, form: { ...form, up: "auto" } }));
    },
    selectScreen: (selection) => enter(engine.call("selectScreen", selection)),
    travel: (cursor) => enter(engine.call("travel", { cursor })),
    undo: step("undo"),
    redo: step("redo"),
    exportDocument: (options) => attempt("Writing the file …", () => engine.call("exportDocument", options)),
    savePicture: (request) => attempt("Drawing the picture …", () => engine.call("savePicture", request)),
    async saveTurntable(request) {
      store.setState({ filmed: 0 });
      try {
        return await attempt("Filming …", () => engine.call("saveTurntable", request));
      } finally {
        store.setState({ filmed: undefined });
      }
    },
    stopFilming: () => void quietly(engine.call("stopFilming", {})),
    histogram: (request) => quietly(engine.call("histogram", request)),
    proposeFloaters: (strength) => quietly(engine.call("proposeFloaters", { strength })),
    previewTransform: (target, by) =>
      void quietly(engine.call("previewTransform", { ...(target && { target }), ...(by && { by }) })),
    highlight: (strength) => void quietly(engine.call("highlight", { strength })),
    pointAt: (x, y) => quietly(engine.call("pick", { x, y })),
    colorAt: (x, y) => quietly(engine.call("colorAt", { x, y })),
  };
}
