/**
 * The splat attribute table. Allocation, upload, optimiser groups, masks, undo and gradients iterate it, so an
 * attribute is described here and nowhere else.
 *
 * Conventions: quaternions are (w, x, y, z), stored raw and normalised where they are used; scales are stored as
 * logarithms, opacities as logits; SH coefficients lie coefficient-major [K][3] with K = (degree + 1)², and
 * colour = max(0, Σ Y_k c_k + 0.5).
 */
export const ATTRIBUTES = ["means", "quaternions", "logScales", "opacityLogits", "sh"] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

export type ShDegree = 0 | 1 | 2 | 3;

/** SH coefficients per colour channel. */
export const shCoefficients = (degree: ShDegree): number => (degree + 1) ** 2;

/** Floats per splat. */
export function attributeWidth(attribute: Attribute, degree: ShDegree): number {
  switch (attribute) {
    case "means":
    case "logScales":
      return 3;
    case "quaternions":
      return 4;
    case "opacityLogits":
      return 1;
    case "sh":
      return 3 * shCoefficients(degree);
  }
}

/** One array per attribute, splat after splat. */
export type SplatArrays = { readonly [A in Attribute]: Float32Array };

export interface Splats extends SplatArrays {
  readonly count: number;
  readonly shDegree: ShDegree;
}

export function createSplats(count: number, shDegree: ShDegree): Splats {
  const arrays = ATTRIBUTES.map((attribute) => [
    attribute,
    new Float32Array(count * attributeWidth(attribute, shDegree)),
  ]);
  return { count, shDegree, ...(Object.fromEntries(arrays) as SplatArrays) };
}
