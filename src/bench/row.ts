import type { Gpu } from "../gpu/device.ts";
import { timeQueue } from "../gpu/timing.ts";

/** One thing that is measured. Tables of rows are what a bench runs. */
export interface Row<Subject> {
  readonly name: string;
  /** Gets everything ready that is not to be timed. */
  prepare(subject: Subject): Trial | Promise<Trial>;
}

export interface Trial {
  /** What is timed, from its call until the GPU has done all of it. Called over and over. */
  run(): unknown;
  dispose?(): void;
}

export interface Timing {
  /** Milliseconds of the very first call: shaders compile and networks load in it. */
  readonly first: number;
  /** Milliseconds of each call after warm-up. */
  readonly samples: readonly number[];
}

/** Calls whose times do not count, the first included: caches fill, the JIT compiles, clocks rise. */
export const WARM_UPS = 2;

/** @param goOn asked before each call that may be left out; at least one call is timed */
export async function timeTrial(
  gpu: Gpu,
  { run }: Trial,
  repeat: number,
  goOn: () => boolean = () => true,
): Promise<Timing> {
  const time = (): Promise<number> => timeQueue(gpu, async () => void (await run()));
  const first = await time();
  for (let call = 1; call < WARM_UPS && goOn(); call++) await time();
  const samples = [await time()];
  while (samples.length < repeat && goOn()) samples.push(await time());
  return { first, samples };
}
