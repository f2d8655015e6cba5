import { guidanceWeights } from "../guidance.ts";
import type { Coefficients } from "./coefficients.ts";

/** ε^s(z_t, y): the guided prediction on the target latent under the target prompt, as coefficients. */
export function guidedTarget(scale: number): Coefficients {
  const { conditional, unconditional } = guidanceWeights(scale);
  return { "target/target": conditional, "target/null": unconditional };
}

/** ε^s(ẑ_t, ŷ): the same on the source latent under the source prompt. */
export function guidedSource(scale: number): Coefficients {
  const { conditional, unconditional } = guidanceWeights(scale);
  return { "source/source": conditional, "source/null": unconditional };
}
