import { assert } from "../core/assert.ts";
import type { FloatArray, Tensor } from "../core/tensor.ts";

/** A summand: its coefficient and the tensor it multiplies. */
export type Summand<A extends FloatArray> = readonly [coefficient: number, tensor: Tensor<A>];

/**
 * Σ coefficient · tensor over tensors of one shape and precision. Sums run in float64 and are rounded once, so that
 * guidance scales of 100 do not amplify float32 rounding.
 */
export function linearCombination<A extends FloatArray>(summands: readonly Summand<A>[]): Tensor<A> {
  assert(summands.length > 0, "linearCombination: got 0 summands, expected at least 1");
  const { shape, data } = summands[0]![1];
  const out = new (data.constructor as new (length: number) => A)(data.length);
  for (const [, other] of summands) assertSameShape(other.shape, shape);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (const [coefficient, other] of summands) sum += coefficient * other.data[i]!;
    out[i] = sum;
  }
  return { shape, data: out };
}

function assertSameShape(shape: readonly number[], expected: readonly number[]): void {
  const same = shape.length === expected.length && shape.every((size, i) => size === expected[i]);
  assert(same, `linearCombination: got shape [${shape.join(", ")}], expected [${expected.join(", ")}]`);
}
