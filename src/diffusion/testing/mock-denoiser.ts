import { createRng, type Rng } from "../../core/rng.ts";
import type { Tensor } from "../../core/tensor.ts";

/** A latent [4, 4, 4] in float64: small, and big enough that nothing agrees by chance. */
export const LATENT_SHAPE = [4, 4, 4] as const;
const SIZE = LATENT_SHAPE[0] * LATENT_SHAPE[1] * LATENT_SHAPE[2];

export type Latent64 = Tensor<Float64Array>;

/** One row of a batch: a noisy latent and its prompt. */
export interface Query {
  readonly noisy: Latent64;
  readonly prompt: string;
  /** Whether the untouched view is shown. */
  readonly image?: boolean;
}

/** Evaluates a batch at one timestep; answers come in the order of the queries. */
export type MockDenoiser = (queries: readonly Query[], t: number) => Latent64[];

/**
 * A nonlinear function with the signature of a UNet, for tests of algebra that must hold for any denoiser:
 * ε̂(a, p, t) = tanh(W1·a + emb(p) + t/1000) + W2·a.
 */
export function createMockDenoiser(seed: number): MockDenoiser {
  const rng = createRng(`mock denoiser ${seed}`);
  const w1 = matrix(rng.fork("w1"));
  const w2 = matrix(rng.fork("w2"));
  const evaluate = ({ noisy, prompt, image = false }: Query, t: number): Latent64 => {
    const embedding = randomLatent(rng.fork(`prompt ${prompt}${image ? ", image" : ""}`)).data;
    const inner = times(w1, noisy.data);
    const linear = times(w2, noisy.data);
    const data = inner.map((value, i) => Math.tanh(value + embedding[i]! + t / 1000) + linear[i]!);
    return { shape: LATENT_SHAPE, data };
  };
  return (queries, t) => queries.map((query) => evaluate(query, t));
}

export function randomLatent(rng: Rng): Latent64 {
  return { shape: LATENT_SHAPE, data: Float64Array.from({ length: SIZE }, () => rng.normal()) };
}

/** Rows of [SIZE, SIZE], scaled so that outputs have the size of the inputs. */
function matrix(rng: Rng): Float64Array[] {
  return Array.from({ length: SIZE }, () =>
    Float64Array.from({ length: SIZE }, () => rng.normal() / Math.sqrt(SIZE)),
  );
}

const times = (rows: Float64Array[], vector: Float64Array): Float64Array =>
  Float64Array.from(rows, (row) => row.reduce((sum, value, i) => sum + value * vector[i]!, 0));
