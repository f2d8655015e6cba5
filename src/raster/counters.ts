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

/** Words of shaders/raster/counters.wgsl's struct. */
export const COUNTER = { visible: 0, wantedPairs: 1, wrapped: 2 } as const;
export const COUNTERS_BYTES = 12;

export function parseCounters(bytes: ArrayBuffer, maxPairs: number): RasterStats {
  const words = new Uint32Array(bytes);
  // Where the sum wrapped around, all that is known is that it was larger.
  const pairs = words[COUNTER.wrapped] ? 2 ** 32 : words[COUNTER.wantedPairs]!;
  return { visible: words[COUNTER.visible]!, pairs, maxPairs, overflowed: pairs > maxPairs };
}
