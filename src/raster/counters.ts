import { GpuMemoryError } from "../gpu/device.ts";
import { reflect } from "../gpu/wgsl-reflect.ts";
import { loadShader } from "../gpu/wgsl.ts";

/** What a frame turned out to need, known to the host some time after the frame. */
export interface RasterStats {
  /** Splats that reach 1/255 at some pixel. */
  readonly visible: number;
  /** (splat, tile) pairs that a complete picture has. */
  readonly pairs: number;
  /** Pairs that there was room for. */
  readonly maxPairs: number;
  /** Some pairs were left out: the picture is incomplete, and so are gradients through it. */
  readonly overflowed: boolean;
}

const FIELDS = reflect(loadShader("raster/counters").code)
  .structs.get("Counters")!
  .map(({ name }) => name);

/** Places of the words in shaders/raster/counters.wgsl's struct. */
export const COUNTER = {
  visible: FIELDS.indexOf("visible"),
  wantedPairs: FIELDS.indexOf("wanted_pairs"),
  wrapped: FIELDS.indexOf("wrapped"),
  drawn: FIELDS.indexOf("drawn"),
} as const;
export const COUNTERS_BYTES = 4 * FIELDS.length;

/** Throws a GpuMemoryError for a frame that was not drawn at all. */
export function parseCounters(bytes: ArrayBuffer, maxPairs: number): RasterStats {
  const words = new Uint32Array(bytes);
  if (!words[COUNTER.drawn])
    throw new GpuMemoryError(`a frame with room for ${maxPairs} pairs was not drawn`);
  // Where the sum wrapped around, all that is known is that it was larger.
  const pairs = words[COUNTER.wrapped] ? 2 ** 32 : words[COUNTER.wantedPairs]!;
  return { visible: words[COUNTER.visible]!, pairs, maxPairs, overflowed: pairs > maxPairs };
}
