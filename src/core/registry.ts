import { assert } from "./assert.ts";

export interface Registry<T extends { readonly id: string }> {
  readonly all: readonly T[];
  has(id: string): boolean;
  /** Throws on an unknown id, naming the ones there are. */
  get(id: string): T;
}

/** A closed list of things users pick from. Adding one is adding one file and its row in the list. */
export function registry<T extends { readonly id: string }>(
  what: string,
  entries: readonly T[],
): Registry<T> {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  assert(byId.size === entries.length, `${what}: two entries share an id`);
  return {
    all: entries,
    has: (id) => byId.has(id),
    get(id) {
      const entry = byId.get(id);
      assert(entry, `unknown ${what} "${id}"; there are: ${[...byId.keys()].join(", ")}`);
      return entry;
    },
  };
}
