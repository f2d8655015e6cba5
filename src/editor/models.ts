import { createStore, type StoreApi } from "zustand/vanilla";
import { isAbort } from "../core/errors.ts";
import { bytesInWords } from "../formats/words.ts";
import { arrangedFolder } from "../models/arranged-folder.ts";
import type { Room } from "../models/byte-store.ts";
import { WHOLE_MODEL, type Purpose } from "../models/layout.ts";
import { HUB } from "../models/location.ts";
import type { PickedFolder } from "../models/model-source.ts";
import type { DownloadOutcome, StoredModel } from "../models/model-store.ts";
import { filesFolder } from "../models/picked-folder.ts";
import type { Offer } from "../models/probe.ts";
import { quantizedId, type QuantizationId } from "../models/quantizing.ts";
import type { ModelsClient } from "../worker/client.ts";
import type { LocalSource } from "../worker/models-protocol.ts";
import { describeMaking, describeProgress, noiseInWords, type Work } from "./model-work.ts";
import type { Reporting } from "./reporting.ts";
import type { Problem } from "./store.ts";

/** How the models on this machine stand, and what goes on with them. */
export interface ModelsState {
  readonly stored: readonly StoredModel[];
  readonly room: Room | undefined;
  /** What goes on with a model, by id. */
  readonly work: Readonly<Record<string, Work>>;
  /** What is looked at now, as the user wrote it. */
  readonly looking: string | undefined;
  /** What was looked at and could be fetched. */
  readonly offer: Offer | undefined;
  /** What is looked for: a whole model, or an encoder alone. */
  readonly purpose: Purpose;
  /** A folder that the user picked or dropped, and that holds what was looked for. */
  readonly folder: PickedFolder | undefined;
  /** Address of the hub or of a mirror of it. */
  readonly hub: string;
  readonly problem: Problem | undefined;
  /** What came of the last thing asked for. */
  readonly note: string | undefined;
}

/** Everything the page can do with models but load one. Nothing here rejects. */
export interface Models {
  readonly store: StoreApi<ModelsState>;
  /** Looks again at what is stored. */
  refresh(): Promise<void>;
  /** Looks at an id of the catalogue, a repository of the hub or an address, without fetching weights. */
  look(text: string): Promise<void>;
  setHub(hub: string): void;
  /** Forgets what was found for another purpose. */
  setPurpose(purpose: Purpose): void;
  dismiss(what: "offer" | "problem"): void;
  /** Fetches what was looked at; the user has seen its licence and agreed to it. */
  acceptOffer(): Promise<void>;
  resume(id: string): Promise<void>;
  /** Also ends a quantization. */
  pause(id: string): Promise<void>;
  verify(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  quantize(source: LocalSource, to: QuantizationId): Promise<void>;
  /** Takes a folder that is being read, if it holds what is looked for. */
  pick(folder: Promise<PickedFolder>): Promise<void>;
}

const STARTING: Work = { text: "Starting …", share: undefined };

/** @param persist asks the browser not to drop what is stored; only a page may, not its workers */
export function createModels(
  client: ModelsClient,
  { say, report }: Reporting,
  persist: () => Promise<unknown>,
): Models {
  const store = createStore<ModelsState>(() => ({
    stored: [],
    room: undefined,
    work: {},
    looking: undefined,
    offer: undefined,
    purpose: WHOLE_MODEL.purpose,
    folder: undefined,
    hub: HUB,
    problem: undefined,
    note: undefined,
  }));
  const { getState: get, setState: set } = store;

  const refresh = async (): Promise<void> => {
    try {
      const [stored, room] = await Promise.all([client.call("list", {}), client.call("room", {})]);
      set({ stored, room });
    } catch (error) {
      set({ problem: report(error) });
    }
  };
  const tell = (note: string): void => {
    set({ note });
    say("info", note);
  };
  const fail = (error: unknown): void => {
    if (!isAbort(error)) set({ problem: report(error) });
  };
  /** Does something with a model, shown at it for as long as it lasts. */
  const during = async (id: string, work: () => Promise<void>): Promise<void> => {
    if (id in get().work) return;
    set((state) => ({ problem: undefined, note: undefined, work: { ...state.work, [id]: STARTING } }));
    try {
      await work();
    } catch (error) {
      fail(error);
    } finally {
      set(({ work: { [id]: _, ...others } }) => ({ work: others }));
      await refresh();
    }
  };
  const show = (id: string, progress: Work): void => {
    const before = get().work[id];
    if (!before) return;
    set(({ work }) => ({ work: { ...work, [id]: progress } }));
    if (before === STARTING) void refresh(); // by now it has a name and says where it comes from
  };
  const fetched = (title: string, outcome: DownloadOutcome): void =>
    tell(outcome === "complete" ? `${title} is complete.` : `${title} is paused.`);

  client.on("progress", (progress) => show(progress.id, describeProgress(progress)));
  client.on("making", (progress) => show(progress.id, describeMaking(progress)));

  return {
    store,
    refresh,
    async look(text) {
      set({ looking: text, offer: undefined, problem: undefined, note: undefined });
      try {
        const { hub, purpose } = get();
        // A whole model unless the catalogue says otherwise.
        const offer = await client.call("probe", { text, hub, ...(purpose === "codec" && { purpose }) });
        if (get().looking === text) set({ offer });
      } catch (error) {
        if (get().looking === text) fail(error);
      } finally {
        set(({ looking }) => ({ looking: looking === text ? undefined : looking }));
      }
    },
    setHub: (hub) => set({ hub: hub.trim().replace(/\/+$/, "") || HUB }),
    setPurpose: (purpose) => set({ purpose, offer: undefined, folder: undefined, problem: undefined }),
    dismiss: (what) => set({ [what]: undefined }),
    async acceptOffer() {
      const { offer } = get();
      if (!offer) return;
      set({ offer: undefined });
      void persist().catch(() => undefined); // asked for, not insisted on
      await during(offer.id, async () =>
        fetched(offer.title, await client.call("download", { offer, accepted: true })),
      );
    },
    resume: (id) => during(id, async () => fetched(id, await client.call("resume", { id }))),
    async pause(id) {
      await client.call("pause", { id }).catch(fail);
    },
    verify: (id) =>
      during(id, async () => {
        const bad = (await client.call("verify", { id })).filter(({ state }) => state !== "good");
        const files = bad.map(({ path, state }) => `${path} is ${state}`);
        tell(files.length ? `${id}: ${files.join(", ")}. Go on with it to mend it.` : `${id} is good.`);
      }),
    remove: (id) =>
      during(id, async () => {
        const bytes = get().stored.find((model) => model.id === id)?.bytes ?? 0;
        await client.call("remove", { id });
        tell(`${id} is deleted: ${bytesInWords(bytes)}.`);
      }),
    quantize: (source, to) =>
      during(quantizedId(source.kind === "stored" ? source.id : source.name, to), async () => {
        const { id, noise, unmeasured } = await client.call("quantize", { source, to });
        const effect = noise
          ? `It ${noiseInWords(noise)}.`
          : `What it does to edits could not be measured: ${unmeasured ?? "it was not asked for."}`;
        tell(`${id} is made. ${effect}`);
      }),
    async pick(folder) {
      set({ folder: undefined, problem: undefined, note: undefined });
      try {
        const picked = await folder;
        const { purpose } = get();
        await arrangedFolder(filesFolder(picked.name, picked.files), { ...WHOLE_MODEL, purpose });
        set({ folder: picked });
      } catch (error) {
        fail(error);
      }
    },
  };
}
