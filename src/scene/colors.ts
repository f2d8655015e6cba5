/** The colours of splats, on the CPU. */
import { shCoefficients, type Splats } from "./attributes.ts";
import type { Point } from "./bounds.ts";
import { SH_C0, shBasis } from "./sh-basis.ts";

export type Color = [red: number, green: number, blue: number];

/** Writes the colour of a splat, not clamped at 1. */
export type ColorOf = (splat: number, out: Color) => void;

/** As seen from `eye`, all bands included; without one, the colour that all directions share. */
export function colorsFrom(splats: Pick<Splats, "means" | "sh" | "shDegree">, eye?: Point): ColorOf {
  const { means, sh, shDegree } = splats;
  const K = shCoefficients(shDegree);
  const width = 3 * K;
  if (!eye || shDegree === 0) {
    return (splat, out) => {
      for (let c = 0; c < 3; c++) out[c] = Math.max(0, 0.5 + SH_C0 * sh[splat * width + c]!);
    };
  }
  const basis = new Float64Array(16);
  return (splat, out) => {
    const [x, y, z] = [
      means[3 * splat]! - eye[0],
      means[3 * splat + 1]! - eye[1],
      means[3 * splat + 2]! - eye[2],
    ];
    const distance = Math.sqrt(x * x + y * y + z * z);
    shBasis(x / distance, y / distance, z / distance, basis);
    let [r, g, b] = [0.5, 0.5, 0.5];
    for (let k = 0, at = splat * width; k < K; k++, at += 3) {
      const value = basis[k]!;
      r += value * sh[at]!;
      g += value * sh[at + 1]!;
      b += value * sh[at + 2]!;
    }
    out[0] = Math.max(0, r);
    out[1] = Math.max(0, g);
    out[2] = Math.max(0, b);
  };
}
