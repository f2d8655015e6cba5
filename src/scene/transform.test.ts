import { describe, expect, it } from "vitest";
import { createRng } from "../core/rng.ts";
import { createSplats, type ShDegree, type Splats } from "./attributes.ts";
import { colorsFrom, type Color } from "./colors.ts";
import {
  rotationMatrix,
  transformPoint,
  transformSplats,
  turnBetween,
  type Quaternion,
} from "./transform.ts";

const rng = createRng("transform");
function randomSplats(count: number, shDegree: ShDegree): Splats {
  const splats = createSplats(count, shDegree);
  for (const array of [splats.means, splats.quaternions, splats.logScales, splats.opacityLogits, splats.sh]) {
    for (let i = 0; i < array.length; i++) array[i] = 0.4 * rng.normal();
  }
  return splats;
}
const similarity = {
  rotation: [0.9, -0.4, 1.1, 0.3] as const,
  scale: 1.7,
  translation: [0.3, -2, 1] as const,
  pivot: [0.5, 0.1, -0.2] as const,
};
const colorAt = (splats: Splats, splat: number, eye: readonly [number, number, number]): Color => {
  const color: Color = [0, 0, 0];
  colorsFrom(splats, eye)(splat, color);
  return color;
};
/** R S² Rᵀ, row-major. */
function covariance({ quaternions, logScales }: Splats, i: number): number[] {
  const r = rotationMatrix([...quaternions.subarray(4 * i, 4 * i + 4)] as unknown as Quaternion);
  const s = [0, 1, 2].map((k) => Math.exp(2 * logScales[3 * i + k]!));
  return [0, 1, 2].flatMap((a) =>
    [0, 1, 2].map((b) => [0, 1, 2].reduce((sum, k) => sum + r[3 * a + k]! * s[k]! * r[3 * b + k]!, 0)),
  );
}

describe.each([0, 1, 2, 3] as const)("splats of SH degree %i that are moved, turned and scaled", (degree) => {
  const before = randomSplats(20, degree);
  const after = transformSplats(before, similarity);

  it("show every eye the colour that they showed it before it moved along", () => {
    for (let i = 0; i < before.count; i++) {
      const eye = [rng.normal(), rng.normal(), rng.normal()] as const;
      const expected = colorAt(before, i, eye);
      const seen = colorAt(after, i, transformPoint(similarity, eye));
      seen.forEach((value, c) => expect(value).toBeCloseTo(expected[c]!, 5));
    }
  });

  it("have ellipsoids that are turned and scaled", () => {
    const r = rotationMatrix(similarity.rotation);
    for (let i = 0; i < before.count; i++) {
      const old = covariance(before, i);
      const expected = [0, 1, 2].flatMap((a) =>
        [0, 1, 2].map((b) => {
          let sum = 0;
          for (let k = 0; k < 3; k++)
            for (let l = 0; l < 3; l++) sum += r[3 * a + k]! * old[3 * k + l]! * r[3 * b + l]!;
          return similarity.scale ** 2 * sum;
        }),
      );
      covariance(after, i).forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 5));
    }
  });

  it("leave rows that are not named to the bit, and share what does not change", () => {
    const some = transformSplats(before, similarity, Uint32Array.of(3, 7));
    expect(some.means.subarray(0, 9)).toEqual(before.means.subarray(0, 9));
    expect(some.means.subarray(9, 12)).toEqual(after.means.subarray(9, 12));
    expect(some.sh.subarray(-3)).toEqual(before.sh.subarray(-3));
    expect(some.opacityLogits).toBe(before.opacityLogits);
    const pushed = transformSplats(before, { ...similarity, rotation: [2, 0, 0, 0], scale: 1 });
    expect([pushed.sh, pushed.quaternions, pushed.logScales]).toEqual([
      before.sh,
      before.quaternions,
      before.logScales,
    ]);
    expect(pushed.sh).toBe(before.sh);
  });
});

it("turns one direction onto another, the opposite one too", () => {
  const directions = [
    [0, 1, 0],
    [0, -1, 0],
    [1, 0, 0],
    [0.6, 0, 0.8],
  ] as const;
  for (const from of directions) {
    for (const to of directions) {
      const by = {
        rotation: turnBetween(from, to),
        scale: 1,
        translation: [0, 0, 0],
        pivot: [0, 0, 0],
      } as const;
      transformPoint(by, from).forEach((value, axis) => expect(value).toBeCloseTo(to[axis]!, 9));
    }
  }
});
