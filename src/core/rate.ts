/** Steps per second over the last moments, so that the time left follows a machine that speeds up or slows down. */
export interface Rate {
  tick(now: number): void;
  /** Forgets the time between the last tick and the next one: a pause is not slowness. */
  skip(): void;
  /** Per second; 0 until two ticks were seen. */
  perSecond(): number;
}

/** Exponential mean of the time between ticks, weighted by time with a memory of `memorySeconds`. */
export function createRate(memorySeconds = 10): Rate {
  let last: number | undefined;
  let secondsPerTick = 0;
  return {
    tick(now) {
      if (last !== undefined) {
        const seconds = Math.max(1e-6, (now - last) / 1000);
        const weight = secondsPerTick === 0 ? 1 : 1 - Math.exp(-seconds / memorySeconds);
        secondsPerTick += weight * (seconds - secondsPerTick);
      }
      last = now;
    },
    skip() {
      last = undefined;
    },
    perSecond: () => (secondsPerTick > 0 ? 1 / secondsPerTick : 0),
  };
}
