/** What the page can do to the open document. */
import type { Camera } from "../camera/camera.ts";
import { addLayer, type Doc } from "../document/document.ts";
import { isWhole } from "../document/export.ts";
import { proposeFloaters, type FloaterReport } from "../document/floaters.ts";
import { histogramOf } from "../document/histogram.ts";
import type { SceneDocument } from "../scene/document.ts";
import type { OpenScene } from "./open-scene.ts";
import type { DocumentInfo, EngineCalls, SavedScene } from "./protocol.ts";
import { Moved, type Handlers } from "./rpc.ts";
import { selectInView } from "./select-in-view.ts";
import type { SceneView } from "./scene-view.ts";

export interface DocumentHost {
  /** Throws a UserError while none is open. */
  scene(): OpenScene;
  camera(): Camera | undefined;
  /** Throws a UserError while there is no GPU. */
  view(): SceneView;
  /** Throws a UserError while an edit goes on. */
  assertIdle(): void;
  /** Tells everybody what has become of the document. */
  tell(): DocumentInfo;
  /** Rejects with a UserError for a file that is no scene, with an AbortError if the user gives up. */
  read(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<SceneDocument>;
  /** A scene has been added, as its file has it. */
  onAdded(scene: SceneDocument): Promise<void>;
}

type DocumentCall =
  | ("addScene" | "exportScene" | "exportDocument" | "markSaved" | "runCommand" | "travel" | "undo" | "redo")
  | ("selectScreen" | "histogram" | "proposeFloaters");

export function documentCalls(host: DocumentHost): Pick<Handlers<EngineCalls>, DocumentCall> {
  const change = async (work: (scene: OpenScene) => Promise<void>): Promise<DocumentInfo> => {
    host.assertIdle();
    await work(host.scene());
    return host.tell();
  };

  let draft: { readonly store: OpenScene["store"]; readonly doc: Doc } | undefined;

  const save = ({ isDraft, ...options }: Parameters<EngineCalls["exportDocument"]>[0]): Moved<SavedScene> => {
    const { store, save: write } = host.scene();
    const { name, bytes } = write(options);
    // The bytes may be the file's own, which the scene still needs.
    const copy = bytes.slice().buffer;
    const { doc } = store;
    draft = isWhole(doc, options) ? { store, doc } : undefined;
    if (!isDraft) markSaved();
    return new Moved({ name, bytes: copy }, [copy]);
  };

  const markSaved = (): void => {
    if (!draft) return;
    draft.store.markSaved(draft.doc);
    if (host.scene().store === draft.store) host.tell();
    draft = undefined;
  };

  const undoOrRedo = (which: "undo" | "redo") => async () => {
    await change(({ store }) => store[which]());
    return host.scene().store.history.status();
  };

  return {
    async addScene({ name, bytes }) {
      host.assertIdle();
      const added = await host.read(new Uint8Array(bytes), name);
      return change(async ({ store }) => {
        await store.commit(`Add ${name}`, (doc) => addLayer(doc, added));
        await host.onAdded(added);
      });
    },
    exportScene: () => save({}),
    exportDocument: save,
    markSaved,
    runCommand(request) {
      const camera = host.camera();
      return change(({ store }) => store.run(request, { ...(camera && { camera }) }));
    },
    travel: ({ cursor }) => change(({ store }) => store.travel(cursor)),
    undo: undoOrRedo("undo"),
    redo: undoOrRedo("redo"),
    selectScreen(request) {
      const [camera, view] = [host.camera(), host.view()];
      return change(({ store }) =>
        store.commit("Select in view", (doc) => (camera ? selectInView(doc, request, camera, view) : doc)),
      );
    },
    histogram: (request) => histogramOf(host.scene().store.doc, request),
    async proposeFloaters({ strength }) {
      let report: FloaterReport | undefined;
      await change(({ store }) =>
        store.amend(async (doc) => {
          const proposed = await proposeFloaters(doc, strength);
          report = proposed.report;
          return proposed.doc;
        }),
      );
      return report!;
    },
  };
}
