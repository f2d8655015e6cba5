import type { AnyValues } from "../../core/params.ts";
import { createRng } from "../../core/rng.ts";
import {
  slotParts,
  type Method,
  type MethodGradient,
  type PromptRole,
  type Slot,
} from "../methods/method.ts";
import { addNoise, createSchedule, type Schedule } from "../schedule.ts";
import { createMockDenoiser, randomLatent, type Latent64, type MockDenoiser } from "./mock-denoiser.ts";

/** Everything one distillation step depends on. */
export interface Situation {
  readonly denoise: MockDenoiser;
  readonly schedule: Schedule;
  readonly z: Latent64;
  readonly zSource: Latent64;
  readonly noise: Latent64;
  readonly t: number;
  readonly prompts: Readonly<Record<PromptRole, string>>;
}

/** A situation in which nothing coincides. */
export function situation(overrides: Partial<Situation> = {}): Situation {
  const rng = createRng("situation");
  return {
    denoise: createMockDenoiser(1),
    schedule: createSchedule(),
    z: randomLatent(rng.fork("z")),
    zSource: randomLatent(rng.fork("z source")),
    noise: randomLatent(rng.fork("noise")),
    t: 400,
    prompts: { target: "a blue cube", source: "a red cube", null: "", negative: "blurry" },
    ...overrides,
  };
}

/** ε̂ of one slot. */
export function predict(slot: Slot, at: Situation): Latent64 {
  return evaluateSlots([slot], at)[slot]!;
}

/** Evaluates slots as one batch, in the given order. */
export function evaluateSlots(slots: readonly Slot[], at: Situation): Partial<Record<Slot, Latent64>> {
  const noisy = {
    target: addNoise(at.schedule, at.z, at.noise, at.t),
    source: addNoise(at.schedule, at.zSource, at.noise, at.t),
  };
  const queries = slots.map(slotParts).map(({ latent, prompt, image }) => ({
    noisy: noisy[latent],
    prompt: at.prompts[prompt],
    image,
  }));
  const answers = at.denoise(queries, at.t);
  return Object.fromEntries(slots.map((slot, i) => [slot, answers[i]!]));
}

/** Evaluates what the method asks for, and nothing else, then its gradient. */
export function distill(method: Method, params: AnyValues, at: Situation): MethodGradient<Float64Array> {
  const epsilon = evaluateSlots(method.uses(params, at.t, at.schedule), at);
  return method.gradient({ ...at, epsilon }, params);
}

/** The gradient alone. */
export const gradientOf = (method: Method, params: AnyValues, at: Situation): Latent64 =>
  distill(method, params, at).gradient;
