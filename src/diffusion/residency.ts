import { createTurns } from "../core/turns.ts";

/** Who may be in memory while others are. */
export interface Residency {
  /**
   * Runs a network, and gives back what may not be in memory with it.
   * @param dispose gives back the network's memory once its runs have ended
   */
  run<T>(name: string, dispose: () => Promise<void>, work: () => Promise<T>): Promise<T>;
}

/** @param alternating names of networks of which at most one is in memory at a time; may change */
export function createResidency(alternating: () => readonly string[]): Residency {
  const inTurn = createTurns();
  const loaded = new Map<() => Promise<void>, string>();
  return {
    async run(name, dispose, work) {
      if (!alternating().includes(name)) {
        loaded.set(dispose, name);
        return work();
      }
      return inTurn(async () => {
        for (const [other, its] of loaded) {
          if (other === dispose || !alternating().includes(its)) continue;
          loaded.delete(other);
          await other();
        }
        loaded.set(dispose, name);
        return work();
      });
    },
  };
}
