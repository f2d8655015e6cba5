import { assertShape } from "./assert.ts";

/** Latent maths is written once for both: float32 in a run, float64 in the tests of its algebra. */
export type FloatArray = Float32Array | Float64Array;

/** A dense row-major array on the CPU, e.g. a latent [4, h, w] or a prompt embedding [tokens, width]. */
export interface Tensor<A extends FloatArray = Float32Array> {
  readonly shape: readonly number[];
  readonly data: A;
}

export function tensor<A extends FloatArray>(data: A, shape: readonly number[]): Tensor<A> {
  assertShape("tensor", data, shape);
  return { data, shape };
}
