import type { FloatArray, Tensor } from "../core/tensor.ts";
import { linearCombination } from "./linear-combination.ts";

/**
 * Classifier-free guidance (Ho & Salimans 2022), everywhere in this project ε_∅ + s·(ε_p − ε_∅): scale 0 is
 * unconditional, 1 conditional. Codes that write ε_p + s·(ε_p − ε_∅) mean our s + 1.
 */
export function guidanceWeights(scale: number): {
  readonly conditional: number;
  readonly unconditional: number;
} {
  return { conditional: scale, unconditional: 1 - scale };
}

/** The guided prediction. */
export function guide<A extends FloatArray>(
  unconditional: Tensor<A>,
  conditional: Tensor<A>,
  scale: number,
): Tensor<A> {
  const weights = guidanceWeights(scale);
  return linearCombination([
    [weights.conditional, conditional],
    [weights.unconditional, unconditional],
  ]);
}
