import { describe, expect, it } from "vitest";
import { createRng } from "../core/rng.ts";
import { createSplats } from "./attributes.ts";
import { colorsFrom, type Color } from "./colors.ts";
import { gradeMatrix, gradeSplats, NEUTRAL, type Grade } from "./grade.ts";

const rng = createRng("grade");
const splats = createSplats(30, 2);
for (let i = 0; i < splats.means.length; i++) splats.means[i] = rng.normal();
for (let i = 0; i < splats.sh.length; i++) splats.sh[i] = 0.15 * rng.normal(); // colours well above 0
for (let i = 0; i < splats.count; i++) splats.opacityLogits[i] = rng.normal();

const seen = (from: typeof splats, i: number, eye: readonly [number, number, number]): Color => {
  const color: Color = [0, 0, 0];
  colorsFrom(from, eye)(i, color);
  return color;
};

describe("a grade", () => {
  const grade: Grade = {
    brightness: 0.9,
    contrast: 0.8,
    saturation: 0.6,
    temperature: 0.5,
    tint: [0.9, 1, 0.8],
    opacity: 0.5,
  };
  it("does to every colour, from every side, what it does to a colour", () => {
    const after = gradeSplats(splats, grade);
    const { matrix, offset } = gradeMatrix(grade);
    for (let i = 0; i < splats.count; i++) {
      const eye = [4 * rng.normal(), 4 * rng.normal(), 4 * rng.normal()] as const;
      const before = seen(splats, i, eye);
      const expected = [0, 1, 2].map((row) =>
        before.reduce((sum, value, column) => sum + matrix[3 * row + column]! * value, offset),
      );
      seen(after, i, eye).forEach((value, c) => expect(value).toBeCloseTo(expected[c]!, 5));
    }
  });

  it("takes a share of the opacity, and stays finite at full", () => {
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    const half = gradeSplats(splats, { ...NEUTRAL, opacity: 0.5 });
    half.opacityLogits.forEach((logit, i) =>
      expect(sigmoid(logit)).toBeCloseTo(0.5 * sigmoid(splats.opacityLogits[i]!), 5),
    );
    expect(gradeSplats(splats, { ...NEUTRAL, opacity: 2 }).opacityLogits.every(Number.isFinite)).toBe(true);
    expect(half.sh).toBe(splats.sh);
  });

  it("without colour leaves the luminance", () => {
    const grey = gradeSplats(splats, { ...NEUTRAL, saturation: 0 });
    const [r, g, b] = seen(grey, 0, [5, 5, 5]);
    expect(r).toBeCloseTo(g, 5);
    expect(g).toBeCloseTo(b, 5);
    const [x, y, z] = seen(splats, 0, [5, 5, 5]);
    expect(r).toBeCloseTo(0.2126 * x + 0.7152 * y + 0.0722 * z, 5);
  });

  it("that is neutral shares everything, and leaves rows that are not named to the bit", () => {
    expect(gradeSplats(splats, NEUTRAL)).toEqual(splats);
    expect(gradeSplats(splats, NEUTRAL).sh).toBe(splats.sh);
    const some = gradeSplats(splats, grade, Uint32Array.of(1));
    expect(some.sh.subarray(54)).toEqual(splats.sh.subarray(54));
    expect(some.sh.subarray(27, 54)).not.toEqual(splats.sh.subarray(27, 54));
  });
});
