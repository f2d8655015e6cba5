import { UserError, isAbort } from "../core/errors.ts";
import type { FolderSource } from "../diffusion/folder-source.ts";
import type { NoiseReport } from "../diffusion/quantization-noise.ts";
import type { FolderSink } from "../diffusion/quantize-folder.ts";
import { bytesInWords } from "../formats/words.ts";
import type { ByteStore, Room } from "./byte-store.ts";
import { fetchModel } from "./fetch-model.ts";
import type { Licence } from "./licence.ts";
import { makeModel } from "./made-model.ts";
import type { Design, Origin } from "./made-model.ts";
import {
  filesOf,
  folderOfModel,
  isComplete,
  isSameContent,
  manifestFor,
  readManifest,
  writeManifest,
} from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import type { Net } from "./net.ts";
import type { Offer } from "./probe.ts";
import type { ModelProgress } from "./progress.ts";
import type { Patience } from "./retry.ts";
import { PATIENCE } from "./retry.ts";
import { storedFolder } from "./stored-folder.ts";
import { verifyFiles } from "./verify.ts";
import type { Verdict } from "./verify.ts";

/** A model in the store. Survives structured cloning. */
export interface StoredModel {
  readonly id: string;
  readonly title: string;
  /** "damaged": its manifest cannot be read, and all one can do is delete it. */
  readonly state: "complete" | "partial" | "downloading" | "damaged";
  /** Bytes on the disk, and of the whole as far as sizes are known. */
  readonly bytes: number;
  readonly total: number;
  readonly purpose?: Offer["purpose"];
  readonly licence?: Licence;
  readonly origin?: Origin;
}

export interface DownloadOptions {
  /** The user was shown the licence and agreed to it. */
  readonly accepted?: boolean;
  readonly onProgress?: (progress: ModelProgress) => void;
}
/** Paused downloads are gone on with by `resume`, also after a restart. */
export type DownloadOutcome = "complete" | "paused";

/** The models on this machine, and how they get there. */
export interface ModelStore {
  list(): Promise<readonly StoredModel[]>;
  /**
   * Fetches a model, or what is missing of it. Throws a UserError that says what is in the way; what has arrived is
   * kept.
   */
  download(offer: Offer, options?: DownloadOptions): Promise<DownloadOutcome>;
  /** Goes on with a download that was paused, or ended by anything else. */
  resume(id: string, options?: Pick<DownloadOptions, "onProgress">): Promise<DownloadOutcome>;
  /** Resolves when the download has let go of its files. */
  pause(id: string): Promise<void>;
  /** Reads every file and compares it with its hash. Damaged ones are dropped, so that `resume` fetches them anew. */
  verify(id: string, onProgress?: (progress: ModelProgress) => void): Promise<readonly Verdict[]>;
  /** Deletes a model, a download of it included. */
  delete(id: string): Promise<void>;
  /** The folder of a complete model, for `loadPipeline`. */
  open(id: string): Promise<FolderSource>;
  /** Stores what `work` writes as a model of its own; `pause` ends that, and nothing stays of one that fails. */
  make<T>(design: Design, work: (sink: FolderSink, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Notes what was found out about a model that was made. */
  measured(id: string, noise: NoiseReport): Promise<void>;
  room(): Promise<Room>;
}

export interface ModelStoreOptions {
  readonly store: ByteStore;
  readonly net: Net;
  readonly patience?: Patience;
  readonly now?: () => Date;
}

/** Nothing is fetched before the user has agreed to the licence. */
export class LicenceError extends UserError {
  constructor(title: string, { name, address }: Licence) {
    super(
      `${title} comes under the licence ${name}${address ? ` (${address})` : ""}.`,
      "Read it, and agree to it first.",
    );
    this.name = "LicenceError";
  }
}

export function createModelStore(options: ModelStoreOptions): ModelStore {
  const { store, net, patience = PATIENCE, now = () => new Date() } = options;
  /** What goes on with a model right now. */
  const active = new Map<string, { readonly stop: AbortController; readonly ended: Promise<unknown> }>();

  /** One thing at a time with a model. */
  const during = <T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    if (active.has(id))
      throw new UserError(`${id} is being downloaded or checked.`, "Wait, or pause it first.");
    const stop = new AbortController();
    const result = work(stop.signal).finally(() => active.delete(id));
    active.set(id, { stop, ended: result.catch(() => undefined) });
    return result;
  };
  const stored = async (id: string): Promise<Manifest> => {
    const manifest = await readManifest(store, id);
    if (manifest) return manifest;
    throw new UserError(`${id} is not stored.`, "Download it first.");
  };
  const fetching = async (
    manifest: Manifest,
    { onProgress = () => {} }: DownloadOptions,
    signal: AbortSignal,
  ): Promise<DownloadOutcome> => {
    // Asked for, not insisted on: a browser that says no may drop the model when the disk runs low, and tells so itself.
    await store.persist().catch(() => false);
    try {
      await fetchModel(manifest, { store, net, patience }, onProgress, signal);
      return "complete";
    } catch (error) {
      if (signal.aborted && isAbort(error)) return "paused";
      throw error;
    }
  };
  const halt = async (id: string): Promise<void> => {
    active.get(id)?.stop.abort();
    await active.get(id)?.ended;
  };

  return {
    async list() {
      const files = await store.list("");
      const folders = [...new Set(files.map(({ path }) => path.split("/")[0]!))].sort();
      const models = folders.map(async (folder): Promise<StoredModel> => {
        const id = decodeURIComponent(folder);
        const bytes = files
          .filter(({ path }) => path.startsWith(`${folder}/`))
          .reduce((sum, file) => sum + file.bytes, 0);
        const manifest = await readManifest(store, id).catch(() => undefined);
        if (!manifest) return { id, title: id, state: "damaged", bytes, total: bytes };
        const state = active.has(id) ? "downloading" : isComplete(manifest) ? "complete" : "partial";
        const { title, purpose, licence, origin } = manifest;
        const facts = { purpose, ...(licence && { licence }), ...(origin && { origin }) };
        return { id, title, state, bytes, total: totalOf(manifest), ...facts };
      });
      return Promise.all(models);
    },
    download: async (offer, request = {}) => {
      if (offer.licence && !request.accepted) throw new LicenceError(offer.title, offer.licence);
      return during(offer.id, async (signal) => {
        const before = await readManifest(store, offer.id).catch(() => undefined);
        if (offer.purpose === "codec" && before?.purpose === "model") {
          // What an encoder alone has no use for would be dropped.
          if (isComplete(before)) return "complete";
          throw new UserError(
            `${offer.id} is stored in part as a whole model, which has its encoder in it.`,
            "Go on with that, or delete it first.",
          );
        }
        const manifest = manifestFor(offer, before, offer.licence && now().toISOString());
        await dropStrangers(store, manifest, before);
        return fetching(manifest, request, signal);
      });
    },
    resume: async (id, request = {}) =>
      during(id, async (signal) => {
        const manifest = await stored(id);
        if (manifest.origin) throw unfinished(manifest.title, manifest.origin);
        return fetching(manifest, request, signal);
      }),
    pause: halt,
    verify: async (id, onProgress = () => {}) =>
      during(id, async (signal) => verifyFiles(store, await stored(id), onProgress, signal)),
    async delete(id) {
      await halt(id);
      await store.remove(folderOfModel(id));
    },
    async open(id) {
      const manifest = await stored(id);
      if (isComplete(manifest)) return storedFolder(store, filesOf(id), manifest.title);
      if (manifest.origin) throw unfinished(manifest.title, manifest.origin);
      throw new UserError(
        `${id} is not complete: ${bytesInWords(await bytesOf(store, id))} of ${bytesInWords(totalOf(manifest))} are there.`,
        "Go on with its download.",
      );
    },
    make: (design, work) =>
      during(design.id, (signal) => makeModel(store, design, (sink) => work(sink, signal))),
    async measured(id, noise) {
      const manifest = await stored(id);
      if (manifest.origin) await writeManifest(store, { ...manifest, origin: { ...manifest.origin, noise } });
    },
    room: () => store.room(),
  };
}

const unfinished = (title: string, { from }: Origin): UserError =>
  new UserError(
    `${title} is not whole: making it was interrupted, or one of its files is damaged.`,
    `Delete it, and make it again from ${from}.`,
  );

const totalOf = ({ files }: Manifest): number => files.reduce((sum, { bytes = 0 }) => sum + bytes, 0);

const bytesOf = async (store: ByteStore, id: string): Promise<number> =>
  (await store.list(filesOf(id))).reduce((sum, { bytes }) => sum + bytes, 0);

/** Files of an earlier state of the model, which are no beginnings of what is to be fetched. */
async function dropStrangers(
  store: ByteStore,
  manifest: Manifest,
  before: Manifest | undefined,
): Promise<void> {
  const fileOf = (of: Manifest | undefined, path: string) => of?.files.find((file) => file.path === path);
  for (const { path } of await store.list(filesOf(manifest.id))) {
    const [wanted, old] = [fileOf(manifest, path), fileOf(before, path)];
    if (!wanted || !old || !isSameContent(old, wanted)) await store.remove(`${filesOf(manifest.id)}/${path}`);
  }
}
