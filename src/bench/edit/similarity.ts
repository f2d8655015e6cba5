import { assertShape } from "../../core/assert.ts";

/** Cosine of the angle between two vectors; 0 where one has no length, as where an edit changed nothing. */
export function cosine(a: Float32Array, b: Float32Array): number {
  assertShape("cosine", b, [a.length]);
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths > 0 ? dot(a, b) / lengths : 0;
}

/** Embeddings of the same views before and after an edit, and of the words for both. */
export interface EditEmbeddings {
  readonly before: readonly Float32Array[];
  readonly after: readonly Float32Array[];
  readonly source: Float32Array;
  readonly target: Float32Array;
}

/** How well the words for what was wanted fit what became: the mean over the views of CLIP's cosine. */
export const similarity = ({ after, target }: Pick<EditEmbeddings, "after" | "target">): number =>
  mean(after.map((view) => cosine(view, target)));

/**
 * Whether the pictures changed as the words did: cos(E(after) − E(before), E(target) − E(source)), the mean over the
 * views (StyleGAN-NADA, InstructPix2Pix).
 */
export function directionalSimilarity({ before, after, source, target }: EditEmbeddings): number {
  const words = difference(target, source);
  return mean(after.map((view, i) => cosine(difference(view, before[i]!), words)));
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

const difference = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, i) => value - b[i]!);
