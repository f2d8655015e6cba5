import { UserError } from "../core/errors.ts";
import { bytesInWords, counted, number } from "../formats/words.ts";
import { ATTRIBUTES, attributeWidth, type ShDegree, type Splats } from "../scene/attributes.ts";

type Limits = Pick<GPUSupportedLimits, "maxStorageBufferBindingSize" | "maxBufferSize">;

/**
 * Throws a UserError unless every attribute of a scene fits into one buffer of this GPU, before any is made. It says
 * what the scene needs and what would fit.
 */
export function assertSceneFits(
  { count, shDegree }: Pick<Splats, "count" | "shDegree">,
  { maxStorageBufferBindingSize, maxBufferSize }: Limits,
): void {
  const room = Math.min(maxStorageBufferBindingSize, maxBufferSize);
  const mostAt = (degree: ShDegree): number => Math.floor(room / (4 * widest(degree)));
  if (count <= mostAt(shDegree)) return;
  const bytes = ATTRIBUTES.reduce((sum, name) => sum + 4 * count * attributeWidth(name, shDegree), 0);
  const fitting = ([2, 1, 0] as const).find((degree) => degree < shDegree && count <= mostAt(degree));
  const fewer = `thin it out to ${number(mostAt(shDegree))} splats`;
  throw new UserError(
    `${counted(count, "splat")} with SH ${shDegree} need ${bytesInWords(bytes)} on the GPU, ` +
      `${bytesInWords(4 * count * widest(shDegree))} of it in one piece; this one takes ${bytesInWords(room)} in one piece.`,
    fitting === undefined
      ? `With another tool, ${fewer}.`
      : `With another tool, reduce it to SH ${fitting}, or ${fewer}.`,
  );
}

/** Floats per splat of the largest attribute. */
const widest = (degree: ShDegree): number =>
  Math.max(...ATTRIBUTES.map((attribute) => attributeWidth(attribute, degree)));
