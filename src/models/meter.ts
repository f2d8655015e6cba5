/** Bytes per second over the last moments. */
export interface Meter {
  /** @param now in ms */
  add(bytes: number, now: number): void;
  /** Forgets the moments before: a wait is not slowness. */
  skip(): void;
  /** 0 until there is something to tell it by. */
  perSecond(): number;
}

const MEMORY = 8_000; // ms
/** Chunks come by the thousand; those of one moment are one sample. */
const MOMENT = 100; // ms

interface Sample {
  readonly since: number;
  readonly bytes: number;
}

export function createMeter(): Meter {
  let samples: Sample[] = [];
  let last = 0;
  return {
    add(bytes, now) {
      last = now;
      const newest = samples.at(-1);
      if (newest && now - newest.since < MOMENT) {
        samples[samples.length - 1] = { since: newest.since, bytes: newest.bytes + bytes };
        return;
      }
      samples = samples.filter(({ since }) => now - since <= MEMORY);
      samples.push({ since: now, bytes });
    },
    skip() {
      samples = [];
    },
    perSecond() {
      const [first, ...later] = samples;
      if (!first || later.length === 0) return 0;
      // When the bytes of the first moment set out is not known; the time since is that of all later ones.
      return (1000 * later.reduce((sum, { bytes }) => sum + bytes, 0)) / Math.max(1, last - first.since);
    },
  };
}
