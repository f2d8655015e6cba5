import { UserError } from "../core/errors.ts";

/** What a tab says that others shall leave alone. A tab that crashes lets go of everything. */
export interface TabLocks {
  /** Holds a name until released; undefined if somebody else holds or shares it. */
  hold(name: string): Promise<Release | undefined>;
  /** Shares a name with others who share it, until released; undefined if somebody holds it. */
  share(name: string): Promise<Release | undefined>;
}
export type Release = () => void;

/** Shared by whoever reads a stored model, held to delete it. */
export const modelInUse = (id: string): string => `splatsmith-model-in-use:${id}`;

/** Says to other tabs that a stored model is in use, until released. Throws a UserError for one that is on its way out. */
export async function useStoredModel(locks: Pick<TabLocks, "share">, id: string): Promise<Release> {
  const release = await locks.share(modelInUse(id));
  if (release) return release;
  throw new UserError(`${id} is being deleted in another tab.`, "Choose another model.");
}

const request = (name: string, mode: LockMode): Promise<Release | undefined> =>
  new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true, mode }, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });

/** The browser's, seen by all tabs of the origin. */
export const webLocks: TabLocks = {
  hold: (name) => request(name, "exclusive"),
  share: (name) => request(name, "shared"),
};

/** Among those who have the set in common; for tests. */
export function memoryLocks(held = new Set<string>()): TabLocks {
  const take = (entry: string): Release => {
    held.add(entry);
    return () => void held.delete(entry);
  };
  const isShared = (name: string): boolean => [...held].some((entry) => entry.startsWith(`${name} / `));
  return {
    hold: async (name) => (held.has(name) || isShared(name) ? undefined : take(name)),
    share: async (name) => (held.has(name) ? undefined : take(`${name} / ${crypto.randomUUID()}`)),
  };
}
