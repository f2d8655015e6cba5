/** Which splats an edit may move. */
import { UserError } from "../core/errors.ts";
import type { Splats } from "../scene/attributes.ts";
import type { Box, Point, Sphere } from "../scene/bounds.ts";
import { isRotation, isTurn, type Quaternion } from "../scene/transform.ts";
import { turnedBoxHolds } from "../scene/turned-box.ts";

export type Region =
  | { readonly kind: "all" }
  | ({ readonly kind: "sphere" } & Sphere)
  /** Borders included; turned about its middle, or along the axes where there is no rotation. */
  | ({ readonly kind: "box"; readonly rotation?: Quaternion } & Box)
  /** Splat by splat, as a selection has them. */
  | { readonly kind: "splats"; readonly indices: ArrayLike<number> };

export const EVERYTHING: Region = { kind: "all" };

/**
 * One 1 for each splat that may move and 0 for each that must stay as it is, bit by bit. A splat belongs to a sphere
 * or box when its mean does; one whose mean is not finite belongs to none. Throws a UserError if nothing may move.
 */
export function regionMask(region: Region, splats: Pick<Splats, "count" | "means">): Uint32Array {
  const { count, means } = splats;
  const mask = new Uint32Array(count);
  if (region.kind === "splats") setIndices(mask, region.indices);
  else {
    const holds = (HOLDS[region.kind] as (region: Region) => Holds)(region);
    for (let i = 0; i < count; i++) {
      mask[i] = holds(means[3 * i]!, means[3 * i + 1]!, means[3 * i + 2]!) ? 1 : 0;
    }
  }
  if (!mask.includes(1)) {
    throw new UserError(
      "The region holds no splats, so there is nothing to edit.",
      "Move it onto the object, or enlarge it.",
    );
  }
  return mask;
}

/** How many splats may move. */
export const countMovable = (mask: Uint32Array): number => mask.reduce((sum, value) => sum + value, 0);

type Holds = (x: number, y: number, z: number) => boolean;
type OfKind<K extends Region["kind"]> = Extract<Region, { kind: K }>;
/** Comparisons that NaN fails. */
const HOLDS: { readonly [K in Exclude<Region["kind"], "splats">]: (region: OfKind<K>) => Holds } = {
  all: () => () => true,
  sphere:
    ({ center, radius }) =>
    (x, y, z) =>
      Math.hypot(x - center[0], y - center[1], z - center[2]) <= radius,
  box: ({ min, max, rotation }) => {
    if (!rotation || !isTurn(rotation)) {
      return (...point) => point.every((value, axis) => value >= min[axis]! && value <= max[axis]!);
    }
    const of = (value: (axis: number) => number): Point => [value(0), value(1), value(2)];
    return turnedBoxHolds({
      center: of((axis) => (min[axis]! + max[axis]!) / 2),
      size: of((axis) => max[axis]! - min[axis]!),
      rotation,
    });
  },
};

function setIndices(mask: Uint32Array, indices: ArrayLike<number>): void {
  for (let k = 0; k < indices.length; k++) {
    const index = indices[k]!;
    if (!(Number.isInteger(index) && index >= 0 && index < mask.length)) {
      throw new UserError(
        `The selection names splat ${index}, but the scene has ${mask.length}.`,
        "Select again: the scene is not the one the selection was made in.",
      );
    }
    mask[index] = 1;
  }
}

/** What is wrong with a region before any scene is known; undefined if nothing. */
export function regionProblem(region: Region): string | undefined {
  const finite = (...points: readonly Point[]): boolean => points.flat().every(Number.isFinite);
  switch (region.kind) {
    case "all":
      return undefined;
    case "sphere":
      return finite(region.center) && region.radius > 0 && Number.isFinite(region.radius)
        ? undefined
        : "The region's sphere needs a center and a radius above 0.";
    case "box":
      if (!finite(region.min, region.max) || !region.min.every((low, axis) => low < region.max[axis]!)) {
        return "The region's box needs a lower corner below its upper one.";
      }
      return region.rotation && !isRotation(region.rotation)
        ? "The region's box is turned by a quaternion that is none."
        : undefined;
    case "splats":
      return region.indices.length > 0 ? undefined : "The region is a selection without splats.";
  }
}
