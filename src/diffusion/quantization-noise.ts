/**
 * What quantization does to an edit: not the error of the UNet's prediction, most of which cancels between the slots
 * of a step, but that of the gradient on the latent that a step is made of.
 */
import { createRng } from "../core/rng.ts";
import { tensor } from "../core/tensor.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Denoiser } from "./denoiser.ts";
import { linearCombination } from "./linear-combination.ts";
import { slotParts } from "./methods/method.ts";
import type { Method, PromptRole } from "./methods/method.ts";
import { ssd } from "./methods/ssd.ts";
import { sampleLatent } from "./sample.ts";
import { addNoise } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { PromptEmbedding } from "./text-encoder.ts";

/** A moment of an edit: where the latent is, where it came from, what the model is told. */
export interface NoiseSubject {
  readonly z: Tensor;
  readonly zSource: Tensor;
  readonly prompts: Readonly<Record<PromptRole, PromptEmbedding>>;
}

/** Where editing happens: high noise sets shape, low noise texture. */
export const NOISE_TIMESTEPS = [100, 300, 500, 700] as const;

export interface NoiseOptions {
  readonly schedule: Schedule;
  readonly subjects: readonly NoiseSubject[];
  readonly timesteps?: readonly number[];
  readonly method?: Method;
  readonly seed?: number;
}

/** ‖g′ − g‖ / ‖g‖ of the latent's gradient, each figure over all subjects together. */
export interface NoiseReport {
  readonly timesteps: readonly { readonly t: number; readonly error: number }[];
  /** Over all timesteps, each counted alike. */
  readonly error: number;
  /** The largest of a single subject at a single timestep. */
  readonly worst: number;
}

/** By timestep, then by subject. */
export type LatentGradients = ReadonlyMap<number, readonly Tensor[]>;

/**
 * A method's gradients on the latent, one set for each model to be compared: so neither is needed while the other
 * computes.
 */
export async function latentGradients(
  denoiser: Denoiser,
  { schedule, subjects, timesteps = NOISE_TIMESTEPS, method = ssd, seed = 0 }: NoiseOptions,
): Promise<LatentGradients> {
  const gradients = new Map<number, readonly Tensor[]>();
  for (const t of timesteps) {
    const row: Tensor[] = [];
    for (const [index, subject] of subjects.entries()) {
      const noise = normals(subject.z.shape, `${seed}/${index}/${t}`);
      row.push(await latentGradient(denoiser, { ...subject, noise, t, schedule, method }));
    }
    gradients.set(t, row);
  }
  return gradients;
}

/** Relative L2 error of `quantized` in place of `exact`. */
export function quantizationNoise(exact: LatentGradients, quantized: LatentGradients): NoiseReport {
  const rows = [...exact].map(([t, references]) => {
    const errors = references.map(({ data }, index) => {
      const approximate = quantized.get(t)![index]!.data;
      return { difference: squares(data.map((value, i) => approximate[i]! - value)), norm: squares(data) };
    });
    const total = (of: "difference" | "norm"): number => errors.reduce((sum, error) => sum + error[of], 0);
    return {
      t,
      error: Math.sqrt(total("difference") / total("norm")),
      worst: Math.max(...errors.map(({ difference, norm }) => Math.sqrt(difference / norm))),
    };
  });
  return {
    timesteps: rows.map(({ t, error }) => ({ t, error })),
    error: Math.sqrt(rows.reduce((sum, { error }) => sum + error ** 2, 0) / rows.length),
    worst: Math.max(...rows.map((row) => row.worst)),
  };
}

interface Moment extends NoiseSubject {
  readonly noise: Tensor;
  readonly t: number;
  readonly schedule: Schedule;
  readonly method: Method;
}

async function latentGradient(denoiser: Denoiser, moment: Moment): Promise<Tensor> {
  const { z, zSource, prompts, noise, t, schedule, method } = moment;
  const noisy = { target: addNoise(schedule, z, noise, t), source: addNoise(schedule, zSource, noise, t) };
  const slots = method.uses({}, t, schedule);
  const predictions = await denoiser.predict(
    slots.map((slot) => {
      const { latent, prompt } = slotParts(slot);
      return { latent: noisy[latent], prompt: prompts[prompt] };
    }),
    t,
  );
  const epsilon = Object.fromEntries(slots.map((slot, i) => [slot, predictions[i]!]));
  return method.gradient({ z, zSource, t, noise, schedule, epsilon }, {}).gradient;
}

export interface SubjectOptions {
  readonly schedule: Schedule;
  readonly shape: readonly number[];
  readonly edits: readonly { readonly source: string; readonly target: string }[];
  embed(prompt: string): Promise<PromptEmbedding>;
  readonly steps?: number;
  readonly guidance?: number;
  readonly seed?: number;
}

/** How far from source to target an edit in the middle of its way is taken to be. */
const HALF_WAY = 0.5;

/**
 * Two moments for each edit, the first step and one half way, on latents that the model imagines for the prompts from
 * the same noise: they are of the kind it was trained on, and no pictures are needed.
 */
export async function noiseSubjects(
  denoiser: Denoiser,
  { schedule, shape, edits, embed, steps = 12, guidance = 4, seed = 0 }: SubjectOptions,
): Promise<readonly NoiseSubject[]> {
  const subjects: NoiseSubject[] = [];
  const none = await embed("");
  for (const [index, edit] of edits.entries()) {
    const prompts = {
      source: await embed(edit.source),
      target: await embed(edit.target),
      null: none,
      negative: none,
    };
    const imagine = (prompt: PromptEmbedding): Promise<Tensor> => {
      const rng = createRng(`subject ${seed}/${index}`);
      return sampleLatent(denoiser, { schedule, shape, prompt, nullPrompt: none, steps, guidance, rng });
    };
    const zSource = await imagine(prompts.source);
    const half = linearCombination([
      [1 - HALF_WAY, zSource],
      [HALF_WAY, await imagine(prompts.target)],
    ]);
    subjects.push({ z: zSource, zSource, prompts }, { z: half, zSource, prompts });
  }
  return subjects;
}

function normals(shape: readonly number[], seed: string): Tensor {
  const rng = createRng(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(
    Float32Array.from({ length: size }, () => rng.normal()),
    shape,
  );
}

const squares = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);
