/** What a tab says that others shall leave alone. A tab that crashes lets go of everything. */
export interface TabLocks {
  /** Holds a name until released; undefined if somebody else holds it. */
  hold(name: string): Promise<Release | undefined>;
}
export type Release = () => void;

/** The browser's, seen by all tabs of the origin. */
export const webLocks: TabLocks = {
  hold: (name) =>
    new Promise((resolve, reject) => {
      navigator.locks
        .request(name, { ifAvailable: true }, (lock) => {
          if (!lock) return resolve(undefined);
          return new Promise<void>((release) => resolve(release));
        })
        .catch(reject);
    }),
};

/** Among those who share the set; for tests. */
export const memoryLocks = (held = new Set<string>()): TabLocks => ({
  async hold(name) {
    if (held.has(name)) return undefined;
    held.add(name);
    return () => void held.delete(name);
  },
});
