import type { FileState } from "./download-file.ts";
import type { Manifest } from "./manifest.ts";
import { createMeter } from "./meter.ts";

/** How a download, or a check of what is stored, stands. Survives structured cloning. */
export interface ModelProgress {
  readonly id: string;
  /** "checking" what is stored already, "waiting" to try again, or "downloading". */
  readonly state: FileState;
  /** The file that is worked on. */
  readonly file: {
    readonly path: string;
    /** From 0. */
    readonly index: number;
    readonly bytes: number;
    readonly total: number | undefined;
    readonly secondsLeft: number | undefined;
  };
  readonly files: number;
  readonly bytes: number;
  /** Of all files whose size is known. */
  readonly total: number;
  /** 0 until there is something to tell it by. */
  readonly bytesPerSecond: number;
  readonly secondsLeft: number | undefined;
}

/** More than a screen shows, a second. */
const INTERVAL = 100; // ms

export interface Tracker {
  /** `bytes` of the file are there, or checked. */
  at(path: string, state: FileState, bytes: number): void;
}

/**
 * Makes events of single files into those of a model: not more often than anyone can see, but each change of file or
 * state.
 * @param manifest as it is by now: sizes become known on the way
 * @param start bytes that count as there from the beginning, by path
 */
export function createTracker(
  manifest: () => Manifest,
  start: ReadonlyMap<string, number>,
  emit: (progress: ModelProgress) => void,
  now: () => number = () => performance.now(),
): Tracker {
  const done = new Map(start);
  const meter = createMeter();
  let told = { path: "", state: "" as FileState | "", time: -Infinity };
  return {
    at(path, state, bytes) {
      const time = now();
      if (state !== told.state) meter.skip();
      else meter.add(Math.max(0, bytes - (done.get(path) ?? 0)), time);
      done.set(path, bytes);
      const { id, files } = manifest();
      const index = files.findIndex((file) => file.path === path);
      const size = files[index]?.bytes;
      const isNews = path !== told.path || state !== told.state || bytes === size;
      if (!isNews && time - told.time < INTERVAL) return;
      told = { path, state, time };

      const all = files.reduce((sum, file) => sum + (done.get(file.path) ?? 0), 0);
      const total = files.reduce((sum, file) => sum + (file.bytes ?? done.get(file.path) ?? 0), 0);
      const rate = meter.perSecond();
      const left = (missing: number): number | undefined => (rate > 0 ? missing / rate : undefined);
      emit({
        id,
        state,
        file: {
          path,
          index,
          bytes,
          total: size,
          secondsLeft: size === undefined ? undefined : left(size - bytes),
        },
        files: files.length,
        bytes: all,
        total,
        bytesPerSecond: rate,
        secondsLeft: left(total - all),
      });
    },
  };
}
