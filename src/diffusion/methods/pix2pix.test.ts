import { describe, expect, test } from "vitest";
import { alphaBar, createSchedule } from "../schedule.ts";
import { linearCombination } from "../linear-combination.ts";
import { distill, gradientOf, predict, situation } from "../testing/distill.ts";
import { expectClose } from "../testing/expect-close.ts";
import { sumTerms } from "./coefficients.ts";
import { sdsPix2pix, ssdPix2pix } from "./pix2pix.ts";

const schedule = createSchedule();

describe("SSD told by an instruction", () => {
  test("U24: has the authors' coefficients, which add up to 0", () => {
    const params = { textScale: 7.5, imageScale: 1.5, identity: 0 };
    const coefficients = sumTerms(ssdPix2pix.coefficients(params, 500, schedule));
    expect(coefficients).toEqual({
      "target/target+image": 7.5,
      "target/null+image": -6,
      "target/null": -0.5,
      "source/null": -1,
    });
    expect(Object.values(coefficients).reduce((a, b) => a + b)).toBe(0);
  });

  test("U24: at scales of 1 and on the untouched scene it is what words and picture add", () => {
    const at = situation();
    const untouched = { ...at, z: at.zSource };
    const gradient = gradientOf(ssdPix2pix, { textScale: 1, imageScale: 1, identity: 0 }, untouched);
    const [both, none] = (["target/target+image", "target/null"] as const).map((slot) =>
      predict(slot, untouched),
    );
    expectClose(
      gradient,
      linearCombination([
        [1, both!],
        [-1, none!],
      ]),
    );
  });

  test("names its parts", () => {
    const { terms } = distill(ssdPix2pix, {}, situation());
    expect(terms.map(({ name }) => name)).toEqual(["instruction", "image", "cross-trajectory", "identity"]);
  });
});

test("SDS told by an instruction is weighted by the variance", () => {
  const params = { textScale: 7.5, imageScale: 1.5 };
  const coefficients = sumTerms(sdsPix2pix.coefficients(params, 500, schedule));
  const weight = -coefficients.noise!;
  expect(weight).toBeCloseTo(1 - alphaBar(schedule, 500), 6);
  expect(coefficients["target/target+image"]! / weight).toBeCloseTo(7.5, 6);
  expect(coefficients["target/null+image"]! / weight).toBeCloseTo(-6, 6);
  expect(coefficients["target/null"]! / weight).toBeCloseTo(-0.5, 6);
});
