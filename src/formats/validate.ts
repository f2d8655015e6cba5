import { UserError } from "../core/errors.ts";
import type { InPieces } from "../core/pieces.ts";
import type { Attribute, Splats } from "../scene/attributes.ts";
import { findNonFinite } from "../scene/splats.ts";
import type { NonFinite } from "../scene/splats.ts";
import { counted, listed, number } from "./words.ts";

const IN_WORDS: Record<Attribute, string> = {
  means: "position",
  quaternions: "rotation",
  logScales: "scale",
  opacityLogits: "opacity",
  sh: "colour",
};

/** Infinities that mean something: opacity exactly 0 or 1, and size exactly 0. Trainers do write them. */
const isLegal = ({ attribute, kind }: NonFinite): boolean =>
  (attribute === "opacityLogits" && kind !== "NaN") || (attribute === "logScales" && kind === "-infinity");

/**
 * Checks what every format must deliver: numbers a renderer can use.
 * Throws a UserError that says which attribute, how many splats and the first of them; returns warnings otherwise.
 */
export function* checkValues(splats: Splats, name: string): InPieces<string[]> {
  const found = yield* findNonFinite(splats);
  const bad = found.filter((finding) => !isLegal(finding));
  if (bad.length) {
    throw new UserError(
      `“${name}” has splats that are not numbers: ${listed(bad.map(describe))}.`,
      "The file is damaged or its training diverged. Remove those splats with another tool (for instance " +
        "splat-transform’s --filter-nan), or export the scene again.",
    );
  }
  const warnings = found.map((finding) => `${capitalised(describe(finding))}; kept as it is.`);
  const zero = countZeroQuaternions(splats);
  if (zero)
    warnings.push(`${counted(zero, "splat")} with a rotation of length zero; drawn unrotated or not at all.`);
  return warnings;
}

function describe({ attribute, kind, count, first }: NonFinite): string {
  const where = count === 1 ? `splat number ${number(first)}` : `the first is number ${number(first)}`;
  return `${IN_WORDS[attribute]} is ${kind} in ${counted(count, "splat")} (${where}, counted from 0)`;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function countZeroQuaternions({ quaternions, count }: Splats): number {
  let zero = 0;
  for (let i = 0; i < 4 * count; i += 4) {
    if (!quaternions[i] && !quaternions[i + 1] && !quaternions[i + 2] && !quaternions[i + 3]) zero++;
  }
  return zero;
}
