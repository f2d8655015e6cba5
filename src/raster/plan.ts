/** Sizes of a frame: what follows from the number of splats, the image and the room for pairs. */
import { UserError } from "../core/errors.ts";
import { largestBuffer } from "../gpu/buffers.ts";
import { layoutOf } from "../gpu/uniforms.ts";
import { reflect } from "../gpu/wgsl-reflect.ts";
import { loadShader } from "../gpu/wgsl.ts";

const constantsOf = (shader: string) => reflect(loadShader(shader).code).constants;

/** Side of a tile in pixels. */
export const TILE = constantsOf("raster/view")["TILE"]!;
/** Floats of one gradient record. */
export const RECORD = constantsOf("raster/gradient-record")["RECORD"]!;

export interface FramePlan {
  /** Splats in the scene. */
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly tiles: readonly [number, number];
  readonly numTiles: number;
  /** Bits of a tile index, with one index more for pairs that belong nowhere. */
  readonly tileBits: number;
  /** (splat, tile) pairs that there is room for. */
  readonly maxPairs: number;
}

export function planFrame(
  count: number,
  { width, height }: { readonly width: number; readonly height: number },
  maxPairs: number,
): FramePlan {
  const tiles = [Math.ceil(width / TILE), Math.ceil(height / TILE)] as const;
  const numTiles = tiles[0] * tiles[1];
  return { count, width, height, tiles, numTiles, tileBits: 32 - Math.clz32(numTiles), maxPairs };
}

/** Bytes per pair of the buffer that grows fastest: of all passes, or of those that draw. */
const WIDEST_PAIR = 4 * RECORD;
const WIDEST_DRAWN_PAIR = layoutOf("Entry", reflect(loadShader("raster/tile-lists").code)).size;

/** Most pairs that fit into one binding. */
export const pairLimit = (limits: Parameters<typeof largestBuffer>[0], drawsOnly = false): number =>
  Math.floor(largestBuffer(limits) / (drawsOnly ? WIDEST_DRAWN_PAIR : WIDEST_PAIR));

/** Room before anything is known: about what small splats on a few tiles each need, and never nothing. */
export const guessPairs = (count: number, limit: number): number =>
  Math.min(limit, Math.max(1 << 14, 4 * count));

/** Room after a frame that wanted `wanted` pairs: half as much again, so that a moving camera seldom outgrows it. */
export function growPairs(wanted: number, limit: number): number {
  if (wanted > limit) {
    throw new UserError(
      `The picture needs ${wanted.toLocaleString("en")} splat-tile pairs; the GPU has room for ${limit.toLocaleString("en")}.`,
      "Render at a lower resolution, move the camera away, or remove splats.",
    );
  }
  return Math.min(limit, Math.ceil(1.5 * wanted));
}
