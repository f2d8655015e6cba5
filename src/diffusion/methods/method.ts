import type { AnyValues, ParamSpec } from "../../core/params.ts";
import type { FloatArray, Tensor } from "../../core/tensor.ts";
import type { Schedule } from "../schedule.ts";

/** Which noisy latent a UNet evaluation sees, and which prompt it is told. */
export type NoisyLatent = "target" | "source";
export type PromptRole = "target" | "source" | "null" | "negative";

/**
 * One UNet evaluation, `noisy latent/prompt`, and `+image` where a model for it is shown the untouched view beside the
 * noisy latent. All slots of a step share t and ε.
 */
export const SLOTS = [
  "target/target", // ε(z_t, y)
  "target/source", // ε(z_t, ŷ)
  "target/null", // ε(z_t, ∅)
  "target/negative", // ε(z_t, n)
  "source/source", // ε(ẑ_t, ŷ)
  "source/null", // ε(ẑ_t, ∅)
  "target/target+image", // ε(z_t; c_I, y)
  "target/null+image", // ε(z_t; c_I, ∅)
] as const satisfies readonly `${NoisyLatent}/${PromptRole}${"" | "+image"}`[];
export type Slot = (typeof SLOTS)[number];

export interface SlotParts {
  readonly latent: NoisyLatent;
  readonly prompt: PromptRole;
  /** Whether the model sees the untouched view. */
  readonly image: boolean;
}

export function slotParts(slot: Slot): SlotParts {
  const [query, image] = slot.split("+");
  const [latent, prompt] = query!.split("/") as [NoisyLatent, PromptRole];
  return { latent, prompt, image: image !== undefined };
}

export interface MethodInput<A extends FloatArray = Float32Array> {
  /** Latent of the scene as it is, and of the untouched scene, both for this view. */
  readonly z: Tensor<A>;
  readonly zSource: Tensor<A>;
  /** Timestep index into the schedule, 0-based. */
  readonly t: number;
  /** The step's one draw of N(0, I), shared by target and source. */
  readonly noise: Tensor<A>;
  readonly schedule: Schedule;
  /** ε̂ for exactly the slots that `uses` named. */
  readonly epsilon: Readonly<Partial<Record<Slot, Tensor<A>>>>;
}

/** A named part of the gradient, for plots and gradient pictures. The terms add up to the gradient. */
export interface Term<A extends FloatArray = Float32Array> {
  readonly name: string;
  readonly value: Tensor<A>;
}

export interface MethodGradient<A extends FloatArray = Float32Array> {
  readonly gradient: Tensor<A>;
  readonly terms: readonly Term<A>[];
}

/**
 * A score-distillation rule: g, the direction that gradient descent on the latent follows (z ← z − η·g).
 * Pure: it never samples and never touches a GPU. Non-finite predictions give a non-finite gradient; the caller
 * checks.
 */
export interface Method {
  readonly id: string;
  readonly label: string;
  /** Paper, and equation where there is one. */
  readonly cite: string;
  readonly params: ParamSpec;
  /** The UNet evaluations the rule needs under these parameters: only those whose weight is not zero. */
  uses(params: AnyValues, t: number, schedule: Schedule): readonly Slot[];
  gradient<A extends FloatArray>(input: MethodInput<A>, params: AnyValues): MethodGradient<A>;
}
