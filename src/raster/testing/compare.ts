/** Comparisons that name the worst element. Tests only. */
import { ATTRIBUTES, type Attribute } from "../../scene/attributes.ts";

type Numbers = ArrayLike<number>;

export interface Difference {
  readonly worst: number;
  readonly index: number;
  readonly actual: number;
  readonly expected: number;
}

/** Largest |actual − expected| over the elements that `keep` accepts; a non-finite difference is infinite. */
export function worstDifference(
  actual: Numbers,
  expected: Numbers,
  keep: (index: number) => boolean = () => true,
): Difference {
  if (actual.length !== expected.length)
    throw new Error(`got ${actual.length} values, expected ${expected.length}`);
  let found: Difference = { worst: 0, index: -1, actual: 0, expected: 0 };
  for (let index = 0; index < expected.length; index++) {
    if (!keep(index)) continue;
    const difference = Math.abs(actual[index]! - expected[index]!);
    const worst = Number.isFinite(difference) ? difference : Infinity;
    if (worst > found.worst) found = { worst, index, actual: actual[index]!, expected: expected[index]! };
  }
  return found;
}

export const largest = (values: Numbers): number =>
  Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);

export const norm = (values: Numbers): number =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));

/** ‖actual − expected‖ / ‖expected‖ */
export function relativeL2(actual: Numbers, expected: Numbers): number {
  const difference = Array.from(expected, (value, i) => actual[i]! - value);
  return norm(difference) / (norm(expected) || 1);
}

/**
 * One line per attribute whose gradient is off: worst element beyond `tolerance` times the attribute's largest
 * magnitude, or relative L2 beyond `tolerance`. Empty when all is well.
 */
export function gradientFailures(
  actual: { readonly [A in Attribute]: Numbers },
  expected: { readonly [A in Attribute]: Numbers },
  tolerance: number,
): string[] {
  return ATTRIBUTES.flatMap((attribute) => {
    const scale = largest(expected[attribute]) || 1;
    const difference = worstDifference(actual[attribute], expected[attribute]);
    const l2 = relativeL2(actual[attribute], expected[attribute]);
    if (difference.worst <= tolerance * scale && l2 <= tolerance) return [];
    return [
      `${attribute}[${difference.index}]: got ${difference.actual}, expected ${difference.expected}, ` +
        `largest ${scale}, relative L2 ${l2}`,
    ];
  });
}
