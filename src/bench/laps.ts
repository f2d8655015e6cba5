import type { Gpu } from "../gpu/device.ts";
import { queueDone } from "../gpu/waiting.ts";

/** Milliseconds by name. */
export type LapTimes<Name extends string> = Readonly<Partial<Record<Name, number>>>;

/** Divides a piece of work into spans, each lasting until the GPU has done all of it. */
export class Laps<Name extends string> {
  readonly #gpu: Gpu;
  #times = new Map<Name, number>();
  #lastEnd = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  start(): void {
    this.#times = new Map();
    this.#lastEnd = performance.now();
  }

  /** The same function, timed whenever it is called. Work that is asked for more than once adds up. */
  timed<A extends readonly unknown[], R>(
    name: Name,
    work: (...args: A) => Promise<R>,
  ): (...args: A) => Promise<R> {
    return async (...args) => {
      const begun = performance.now();
      const result = await work(...args);
      await this.#end(name, begun);
      return result;
    };
  }

  /** Takes what happened since the last span's end for one. */
  finish(name: Name): Promise<void> {
    return this.#end(name, this.#lastEnd);
  }

  /** Since the last start. */
  get times(): LapTimes<Name> {
    return Object.fromEntries(this.#times) as LapTimes<Name>;
  }

  async #end(name: Name, begun: number): Promise<void> {
    await queueDone(this.#gpu);
    this.#lastEnd = performance.now();
    this.#times.set(name, (this.#times.get(name) ?? 0) + this.#lastEnd - begun);
  }
}
