import { expect } from "vitest";
import type { FloatArray, Tensor } from "../../core/tensor.ts";

/** Compares tensors element by element and reports the worst one. The tolerance is relative to the larger norm. */
export function expectClose<A extends FloatArray>(
  actual: Tensor<A>,
  expected: Tensor<A>,
  tolerance = 1e-12,
): void {
  expect(actual.shape).toEqual(expected.shape);
  const errors = Array.from(actual.data, (value, i) => Math.abs(value - expected.data[i]!));
  // NaN counts as the worst error there is.
  const ranked = errors.map((error, index) => ({ index, error: Number.isNaN(error) ? Infinity : error }));
  const { index, error } = ranked.reduce((worst, other) => (other.error > worst.error ? other : worst));
  const allowed = tolerance * Math.max(1, norm(actual), norm(expected));
  const detail = `element ${index}: got ${actual.data[index]}, expected ${expected.data[index]}, allowed ±${allowed}`;
  expect(error <= allowed, detail).toBe(true);
}

/** Guards an equality of two things from being one of two zeros. */
export function expectNonZero<A extends FloatArray>(actual: Tensor<A>): void {
  expect(norm(actual)).toBeGreaterThan(1e-3);
}

export function expectZero<A extends FloatArray>(actual: Tensor<A>, tolerance = 1e-12): void {
  expect(norm(actual)).toBeLessThanOrEqual(tolerance);
}

export function norm<A extends FloatArray>({ data }: Tensor<A>): number {
  let sum = 0;
  for (const value of data) sum += value * value;
  return Math.sqrt(sum);
}
