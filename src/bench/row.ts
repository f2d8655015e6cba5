import type { Gpu } from "../gpu/device.ts";
import { timeQueue } from "../gpu/timing.ts";
import type { LapTimes } from "./laps.ts";

/** One thing that is measured. Tables of rows are what a bench runs. */
export interface Row<Subject, Part extends string = never> {
  readonly name: string;
  /** Gets everything ready that is not to be timed. */
  prepare(subject: Subject): Trial<Part> | Promise<Trial<Part>>;
}

export interface Trial<Part extends string = never> {
  /** What is timed, from its call until the GPU has done all of it. Called over and over. */
  run(): unknown;
  /** How the latest call's time divides, where the trial keeps account. */
  parts?(): LapTimes<Part>;
  dispose?(): void;
}

export interface Timing<Part extends string = string> {
  /** Milliseconds of the very first call: shaders compile and networks load in it. */
  readonly first: number;
  /** Milliseconds of each call after warm-up. */
  readonly samples: readonly number[];
  /** The parts of each sample. */
  readonly parts?: readonly LapTimes<Part>[];
}

/**
 * Calls whose times do not count, the first included: so many for so long. Caches fill, clocks rise, and V8 takes some
 * eight calls of a network on wasm to compile all of it well, in which it becomes several times as fast.
 */
export const WARM_UP = { leastCalls: 2, mostCalls: 10, milliseconds: 1000 } as const;

/** @param goOn asked before each call that may be left out; at least one call is timed */
export async function timeTrial<Part extends string>(
  gpu: Gpu,
  trial: Trial<Part>,
  repeat: number,
  goOn: () => boolean = () => true,
): Promise<Timing<Part>> {
  const time = (): Promise<number> => timeQueue(gpu, async () => void (await trial.run()));
  const first = await time();
  const begun = performance.now();
  for (let calls = 1; goOn() && !isWarm(calls, performance.now() - begun); calls++) await time();
  const samples: number[] = [];
  const parts: LapTimes<Part>[] = [];
  do {
    samples.push(await time());
    if (trial.parts) parts.push(trial.parts());
  } while (samples.length < repeat && goOn());
  return { first, samples, ...(trial.parts && { parts }) };
}

const isWarm = (calls: number, milliseconds: number): boolean =>
  calls >= WARM_UP.mostCalls || (calls >= WARM_UP.leastCalls && milliseconds >= WARM_UP.milliseconds);
