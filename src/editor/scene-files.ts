/** Where scenes come from and where they are saved, beyond the bytes. */
import { createTurns } from "../core/turns.ts";
import { bytesInWords } from "../formats/words.ts";
import type { EngineClient } from "../worker/client.ts";
import type { SceneHints } from "../worker/protocol.ts";
import { fileOf, loadRecent, saveRecent, withRecent, writeFile, type RecentScene } from "./recent.ts";
import type { Reporting } from "./reporting.ts";
import { fetchScene, readFile, sceneAddress, type FetchedScene, type OnBytes } from "./scene-address.ts";
import type { SessionStore } from "./store.ts";

export interface SceneFiles {
  /** Opens a file; with its handle it can be saved in place, and found again. */
  openFile(file: File, handle?: FileSystemFileHandle): Promise<void>;
  /** Adds a file to what is open, as a layer. */
  addFile(file: File): Promise<void>;
  /** Opens what lies at an address. */
  openAddress(address: string): Promise<void>;
  /** Gives up the scene that is loading or being read, if one is; what was open stays. */
  stopLoading(): void;
  openRecent(scene: RecentScene): Promise<void>;
  forgetRecent(): Promise<void>;
  /** Writes the scene to a file; the document counts as saved once that is done. */
  saveTo(handle: FileSystemFileHandle): Promise<void>;
}

export interface SceneFilesHost {
  readonly engine: EngineClient;
  readonly store: SessionStore;
  readonly reporting: Reporting;
  readonly baseUrl: string;
  /** Rejects, with the scene before still open, for what is no scene. */
  open(name: string, bytes: ArrayBuffer, hints?: SceneHints): Promise<void>;
}

export function createSceneFiles(host: SceneFilesHost): SceneFiles & { look(): Promise<void> } {
  const { engine, store, open, baseUrl } = host;
  const { say, attempt } = host.reporting;
  const inTurn = createTurns();

  const setRecent = async (change: (recent: readonly RecentScene[]) => Promise<readonly RecentScene[]>) =>
    inTurn(async () => {
      const recent = await change(store.getState().recent);
      store.setState({ recent });
      await saveRecent(recent);
    }).catch((error: unknown) => say("warning", `Recent scenes are not remembered: ${String(error)}.`));
  const remember = (scene: RecentScene): Promise<unknown> => setRecent((recent) => withRecent(recent, scene));

  let loading: AbortController | undefined;
  /** What is loaded can be given up; once it is with the engine, that gives it up. */
  const loadable = async <T>(load: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const { signal } = (loading = new AbortController());
    const loaded = await load(signal);
    signal.throwIfAborted();
    return loaded;
  };
  const stopLoading = (): void => {
    loading?.abort();
    void engine.call("stopReading", {}).catch(() => undefined);
  };

  const openFile = async (file: File, handle?: FileSystemFileHandle): Promise<void> => {
    await attempt(`Opening ${file.name} …`, async () => {
      await open(file.name, await loadable(() => readFile(file)));
      if (!handle) return;
      store.setState({ file: handle });
      await remember({ kind: "file", name: file.name, handle });
    });
  };

  const addFile = async (file: File): Promise<void> => {
    const document = await attempt(`Adding ${file.name} …`, async () => {
      const bytes = await loadable(() => readFile(file));
      return engine.call("addScene", { name: file.name, bytes }, [bytes]);
    });
    if (document) store.setState({ document });
  };

  const load = (url: URL): Promise<FetchedScene> => {
    store.setState({ loading: { share: undefined } });
    const onBytes: OnBytes = (loaded, total) =>
      store.setState({
        busy: `Loading ${bytesInWords(loaded)}${total ? ` of ${bytesInWords(total)}` : ""} …`,
        loading: { share: total && loaded / total },
      });
    return loadable((signal) => fetchScene(url, onBytes, signal));
  };

  const openAddress = async (address: string): Promise<void> => {
    await attempt("Opening the address …", async () => {
      const url = sceneAddress(address, baseUrl);
      const { name, bytes } = await load(url);
      await open(name, bytes);
      await remember({ kind: "address", name, address: url.href });
    });
  };

  return {
    openFile,
    addFile,
    openAddress,
    stopLoading,
    async openRecent(scene) {
      if (scene.kind === "address") return openAddress(scene.address);
      const file = await attempt(`Opening ${scene.name} …`, () => fileOf(scene.handle));
      if (file) await openFile(file, scene.handle);
    },
    forgetRecent: async () => void (await setRecent(async () => [])),
    async saveTo(handle) {
      await attempt(`Saving ${handle.name} …`, async () => {
        const { bytes } = await engine.call("exportDocument", { isDraft: true });
        await writeFile(handle, bytes);
        await engine.call("markSaved", {});
        store.setState({ file: handle });
        say("info", `Saved ${handle.name}, ${bytesInWords(bytes.byteLength)}.`);
        await remember({ kind: "file", name: handle.name, handle });
      });
    },
    async look() {
      await setRecent(async () => loadRecent());
    },
  };
}
