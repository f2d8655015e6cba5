/** Where the time of a run goes, and how much memory it took. */
import type { Pipeline } from "../diffusion/pipeline.ts";
import { bytesInWords } from "../formats/words.ts";

export interface Profile {
  /** The same pipeline, its networks under the clock. */
  readonly pipeline: Pipeline;
  /** Seconds by part, their loading in them. */
  readonly seconds: ReadonlyMap<string, number>;
}

/** What is not a network's is the scene's: choosing views, drawing, its gradient, Adam. */
const REST = "scene";

export function profiled(pipeline: Pipeline): Profile {
  const seconds = new Map<string, number>();
  /** Calls of one part may overlap, as those for several prompts do: their time counts once. */
  const timed = <A extends unknown[], R>(part: string, work: (...args: A) => Promise<R>) => {
    let [calls, start] = [0, 0];
    return async (...args: A): Promise<R> => {
      if (calls++ === 0) start = performance.now();
      try {
        return await work(...args);
      } finally {
        if (--calls === 0) seconds.set(part, (seconds.get(part) ?? 0) + (performance.now() - start) / 1000);
      }
    };
  };
  const { denoiser, codec, textEncoder } = pipeline;
  return {
    seconds,
    pipeline: {
      ...pipeline,
      textEncoder: { ...textEncoder, embed: timed("text encoder", textEncoder.embed) },
      denoiser: { ...denoiser, predict: timed("UNet", denoiser.predict) },
      codec: {
        ...codec,
        forward: timed("encoder", codec.forward),
        vjp: timed("encoder gradient", codec.vjp),
        decode: timed("decoder", codec.decode),
        decodeBatch: timed("decoder", codec.decodeBatch),
      },
    },
  };
}

/** "UNet 12.0 s (60 %), …, scene 1.0 s (5 %)", of `total` seconds. */
export function profileInWords(seconds: ReadonlyMap<string, number>, total: number): string {
  const rest = total - [...seconds.values()].reduce((a, b) => a + b, 0);
  const parts = [...seconds, [REST, Math.max(0, rest)] as const];
  return parts
    .map(([part, time]) => `${part} ${time.toFixed(1)} s (${Math.round((100 * time) / total)} %)`)
    .join(", ");
}

/** The most memory this process has held at once. */
export const peakMemory = (): string => bytesInWords(1024 * process.resourceUsage().maxRSS);
