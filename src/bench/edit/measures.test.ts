import { describe, expect, it, test } from "vitest";
import { MOST_DECIBELS, pixelChange } from "./pixel-change.ts";
import { cosine, directionalSimilarity, similarity } from "./similarity.ts";

const vector = (...values: number[]) => Float32Array.from(values);

describe("similarity", () => {
  const [source, target] = [vector(1, 0, 0), vector(0, 1, 0)];
  const text = { source, target };

  it("is a cosine, and 0 where nothing points anywhere", () => {
    expect(cosine(vector(2, 0), vector(3, 3))).toBeCloseTo(Math.SQRT1_2);
    expect(cosine(vector(0, 0), vector(1, 0))).toBe(0);
  });

  it("of pictures to words is the mean over views", () => {
    expect(similarity({ after: [target, source], target })).toBeCloseTo(0.5);
  });

  it("of the change is 1 where pictures move as the words do, −1 the other way, 0 where they stay", () => {
    const move = (before: Float32Array, after: Float32Array) =>
      directionalSimilarity({ ...text, before: [before], after: [after] });
    expect(move(vector(1, 0, 0.5), vector(0.7, 0.3, 0.5))).toBeCloseTo(1);
    expect(move(target, source)).toBeCloseTo(-1);
    expect(move(source, source)).toBe(0);
    expect(move(source, vector(1, 0, 1))).toBeCloseTo(0);
  });
});

describe("pixel change", () => {
  const size = 12;
  const plain = (value: number) => new Float32Array(3 * size * size).fill(value);
  const first = (count: number) => Uint8Array.from({ length: size * size }, (_, i) => (i < count ? 1 : 0));

  it("pools the pixels of all views, so a view that shows little counts little", () => {
    const change = pixelChange(
      [plain(0.5), plain(0.5)],
      [plain(0.5), plain(0.6)],
      [first(90), first(10)],
      size,
    );
    expect(change!.psnr).toBeCloseTo(-10 * Math.log10(0.01 * 0.1), 3);
    expect(change!.ssim).toBeGreaterThan(0.99);
  });

  it("has a number for equal pictures, and none where no pixel counts", () => {
    expect(pixelChange([plain(0.5)], [plain(0.5)], [first(5)], size)).toEqual({
      psnr: MOST_DECIBELS,
      ssim: expect.closeTo(1, 5) as number,
    });
    expect(pixelChange([plain(0.5)], [plain(0.5)], [first(0)], size)).toBeUndefined();
  });
});

test("views without a pixel that counts are left out", () => {
  const size = 12;
  const image = new Float32Array(3 * size * size).fill(0.3);
  const other = image.map((value) => value + 0.1);
  const [none, all] = [new Uint8Array(size * size), new Uint8Array(size * size).fill(1)];
  const both = pixelChange([image, image], [other, other], [none, all], size)!;
  expect(both).toEqual(pixelChange([image], [other], [all], size));
});
