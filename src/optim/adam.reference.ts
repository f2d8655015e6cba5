import type { FloatArray } from "../core/tensor.ts";

/** Kingma & Ba 2015, with the ε of every 3DGS code. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-15 } as const;

/** First and second moments of one attribute. */
export interface Moments<A extends FloatArray> {
  readonly first: A;
  readonly second: A;
}

/**
 * One Adam step in place (algorithm 1), the twin of `optim/adam.wgsl`. `step` counts from 1. Elements of a splat whose mask is 0 are not
 * written, neither value nor moments; a gradient that is not finite counts as 0.
 *
 * @param rate learning rate of element `lane` of a splat
 */
export function adamStep<A extends FloatArray>(
  values: A, // [N, width]
  gradients: A, // [N, width]
  moments: Moments<A>,
  width: number,
  step: number,
  rate: (lane: number) => number,
  mask?: ArrayLike<number>, // [N]
): void {
  const { beta1, beta2, epsilon } = ADAM;
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  for (let i = 0; i < values.length; i++) {
    if (mask && !mask[Math.floor(i / width)]) continue;
    const gradient = Number.isFinite(gradients[i]) ? gradients[i]! : 0;
    moments.first[i] = beta1 * moments.first[i]! + (1 - beta1) * gradient;
    moments.second[i] = beta2 * moments.second[i]! + (1 - beta2) * gradient * gradient;
    const first = moments.first[i]! / correction1;
    const second = moments.second[i]! / correction2;
    values[i]! -= (rate(i % width) * first) / (Math.sqrt(second) + epsilon);
  }
}
