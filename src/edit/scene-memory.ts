/** How much memory a scene takes on the GPU, from sizes alone: what grows with its splats. */
import { planFrame, guessPairs } from "../raster/plan.ts";
import { BACKWARD, FRAME } from "../raster/frame-buffers.ts";
import { ATTRIBUTES, attributeWidth } from "../scene/attributes.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";

/** Bytes. */
export interface SceneMemory {
  readonly shown: number;
  /** While it is edited, and shown. */
  readonly edited: number;
}

/** What a run keeps beside the scene, each as large: the original, two moments, and gradients of a view and summed. */
const COPIES = 5;
/** Of a radix sort: keys and values, there and back. */
const SORTED = 16;

export function sceneMemory({ count, shDegree }: Pick<SplatBuffers, "count" | "shDegree">): SceneMemory {
  const scene = ATTRIBUTES.reduce((sum, name) => sum + 4 * count * attributeWidth(name, shDegree), 0);
  const maxPairs = guessPairs(count, Infinity);
  const plan = planFrame(count, { width: 1, height: 1 }, maxPairs);
  const bytesOf = (sizes: Readonly<Record<string, (of: typeof plan) => number>>): number =>
    Object.values(sizes).reduce((sum, size) => sum + size(plan), 0);
  const frame = bytesOf(FRAME) + SORTED * (count + maxPairs);
  const shown = scene + frame;
  return { shown, edited: shown + COPIES * scene + frame + bytesOf(BACKWARD) };
}
