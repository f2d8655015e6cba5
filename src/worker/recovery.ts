/** Keeps the open document safe, and finds what crashed tabs have left behind. */
import { createAutosave } from "../document/recovery/autosave.ts";
import { BlobTable } from "../document/recovery/encode.ts";
import type { ByteStore } from "../document/recovery/byte-store.ts";
import {
  createJournal,
  listSessions,
  recoverSession,
  removeSession,
  type Journal,
  type RecoveryEntry,
  type Snapshot,
} from "../document/recovery/journal.ts";
import type { Timeline } from "../document/store.ts";
import { UserError } from "../core/errors.ts";
import type { SceneDocument } from "../scene/document.ts";
import type { Release, TabLocks } from "./tab-locks.ts";

export interface RecoveryHost {
  readonly store: ByteStore;
  readonly locks: Pick<TabLocks, "hold">;
  /** The document as it is; undefined while nothing in it would be lost. */
  snapshot(): Promise<Snapshot | undefined>;
  /** The document cannot be kept safe, until `onRecovered`. */
  onError(error: unknown): void;
  onRecovered?(): void;
  readonly now?: () => number;
  readonly later?: (callback: () => void, ms: number) => void;
}

export interface Recovery {
  /** A document of this scene has been opened; the one before is not needed any more. */
  begin(scene: SceneDocument): Promise<void>;
  /** A scene has been added to the document, as its file has it. */
  adopt(scene: SceneDocument): void;
  /** Something has changed. */
  note(): void;
  /** What other tabs that are gone have left. */
  list(): Promise<readonly RecoveryEntry[]>;
  /** Opens the document of such a tab, which is this one's from then on. If `open` rejects, nothing has changed. */
  take<T>(id: string, open: (name: string, timeline: Timeline) => Promise<T>): Promise<T>;
  discard(id: string): Promise<void>;
}

const lockName = (id: string): string => `splatsmith/session/${id}`;

export function createRecovery(host: RecoveryHost): Recovery {
  const { store, locks, snapshot, onError, onRecovered } = host;
  let journal: Journal | undefined;
  let release: Release | undefined;
  /** Scenes of the document that no journal has been told of yet. */
  let pristine: SceneDocument[] = [];

  const autosave = createAutosave({
    now: host.now ?? (() => performance.now()),
    later: host.later ?? ((callback, ms) => void setTimeout(callback, ms)),
    onError,
    ...(onRecovered && { onRecovered }),
    async save() {
      const current = await snapshot();
      if (!current) {
        await journal?.clear();
        return;
      }
      const target = journal ?? (await start());
      for (const scene of pristine.splice(0)) target.adopt(scene);
      await target.save(current);
    },
  });

  const start = async (): Promise<Journal> => {
    const id = crypto.randomUUID();
    release = await locks.hold(lockName(id));
    return (journal = createJournal(store, id, new BlobTable()));
  };

  /** Lets go of the journal there is. */
  const end = (): Journal | undefined => {
    const ended = journal;
    autosave.forget();
    journal = undefined;
    pristine = [];
    return ended;
  };

  const claim = async (id: string): Promise<Release> => {
    const claimed = await locks.hold(lockName(id));
    if (claimed) return claimed;
    throw new UserError("This scene is open in another tab.", "Go on there, or close that tab first.");
  };

  const dispose = async (ended: Journal | undefined, letGo: Release | undefined): Promise<void> => {
    await ended?.clear().catch(onError);
    letGo?.();
  };

  return {
    async begin(scene) {
      const [ended, letGo] = [end(), release];
      release = undefined;
      pristine = [scene];
      await dispose(ended, letGo);
    },
    adopt: (scene) => void pristine.push(scene),
    note: autosave.note,
    async list() {
      const entries = await listSessions(store);
      const free = await Promise.all(
        entries.map(async ({ id }) => {
          const mine = await locks.hold(lockName(id));
          mine?.();
          return mine !== undefined;
        }),
      );
      return entries.filter((_, i) => free[i]);
    },
    async take(id, open) {
      const claimed = await claim(id);
      try {
        const { name, timeline, journal: taken } = await recoverSession(store, id);
        const opened = await open(name, timeline);
        const [ended, letGo] = [end(), release];
        [journal, release] = [taken, claimed];
        await dispose(ended, letGo);
        return opened;
      } catch (error) {
        claimed();
        throw error;
      }
    },
    async discard(id) {
      const claimed = await claim(id);
      try {
        await removeSession(store, id);
      } finally {
        claimed();
      }
    },
  };
}
