import type { Splats } from "../scene/attributes.ts";

/**
 * A copy of the scene on the CPU that outlives the device. Small scenes are copied after every step; large ones as
 * often as keeps the copying to a small share of the time. At most one copy is under way, and a new one never waits
 * for it.
 */
export interface LastGood {
  /** The scene as of the last copy that arrived. */
  readonly splats: Splats;
  /** Number of steps behind it. */
  readonly steps: number;
  /** To be called after each good step. */
  offer(steps: number): void;
  /** Waits for the copy under way, if any; never rejects. */
  settled(): Promise<void>;
}

export interface LastGoodOptions {
  /** Share of the time that copying may take. */
  readonly share?: number;
  readonly now?: () => number;
}

export function keepLastGood(
  start: Splats,
  download: () => Promise<Splats>,
  { share = 0.1, now = () => performance.now() }: LastGoodOptions = {},
): LastGood {
  let splats = start;
  let steps = 0;
  let underWay: Promise<void> | undefined;
  let notBefore = -Infinity;

  const copy = async (at: number): Promise<void> => {
    const begun = now();
    try {
      splats = await download();
      steps = at;
    } catch {
      // The device is gone: the copy before stands, and the run itself reports the loss.
    } finally {
      const took = now() - begun;
      notBefore = now() + took * (1 / share - 1);
      underWay = undefined;
    }
  };
  return {
    get splats() {
      return splats;
    },
    get steps() {
      return steps;
    },
    offer(at) {
      if (!underWay && now() >= notBefore) underWay = copy(at);
    },
    settled: async () => underWay,
  };
}
