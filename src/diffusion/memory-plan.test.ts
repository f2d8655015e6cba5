import { describe, expect, test } from "vitest";
import { GRADIENT, planMemory } from "./memory-plan.ts";
import type { ModelSizes, NetworkSize } from "./memory-plan.ts";

/**
 * Stable Diffusion 1.5 in megabytes, read off its graphs in float32 as `optimum` exports them: weights, peak of a run,
 * largest weight, largest value.
 */
const size = (weights: number, peak: number, largestWeight: number, largestValue: number): NetworkSize => ({
  weights: weights * 1e6,
  peak: peak * 1e6,
  largestWeight: largestWeight * 1e6,
  largestValue: largestValue * 1e6,
});
const UNET_WEIGHTS = { float32: 3437, float16: 1719, int8: 867 };
type Weights = keyof typeof UNET_WEIGHTS;

const AT: Readonly<Record<number, (weights: Weights) => ModelSizes>> = {
  512: (weights) => ({
    text_encoder: size(492, 3, 152, 1),
    unet: size(UNET_WEIGHTS[weights], 1100, 118, 537),
    vae_encoder: size(137, 540, 9, 135),
    vae_decoder: size(198, 1074, 9, 268),
    gradient: { kept: size(273, 3073, 9, 135), again: size(273, 1480, 9, 135) },
  }),
  256: (weights) => ({
    text_encoder: size(492, 3, 152, 1),
    unet: size(UNET_WEIGHTS[weights], 74, 118, 34),
    vae_encoder: size(137, 135, 9, 34),
    vae_decoder: size(198, 268, 9, 67),
    gradient: { kept: size(273, 743, 9, 34), again: size(273, 370, 9, 34) },
  }),
};
const plan = (side: number, weights: Weights, gigabytes: number, largestBuffer = 2 ** 31) =>
  planMemory(side, AT[side]!(weights), { budget: gigabytes * 1e9, largestBuffer });

describe("Stable Diffusion 1.5", () => {
  test("with plenty of memory everything stays in it, and a step is one call", () => {
    const { fits, batch, gradientBudget, alternating, says } = plan(512, "float32", 24);
    expect({ fits, gradientBudget, alternating, says }).toEqual({
      fits: true,
      gradientBudget: Infinity,
      alternating: [],
      says: "13 GB",
    });
    expect(batch).toBeGreaterThanOrEqual(3);
  });

  test("a second session of the UNet has room where the weights twice and both calls fit", () => {
    const { bytes, together } = plan(512, "int8", 24);
    expect(together).toBeGreaterThanOrEqual(5);
    const [weights, peak] = [867e6, 1100e6];
    expect(bytes + weights + (together - 3) * peak).toBeLessThanOrEqual(24e9);
    expect(plan(512, "float32", 13.5).together).toBe(0);
    expect(plan(512, "float32", 8.5).together).toBe(0); // what is left is the gradient's
  });

  test("with less, it gives up what costs least first", () => {
    const seen = [14, 12.5, 10, 8.5, 7, 5].map((gigabytes) => {
      const { fits, batch, gradientBudget, alternating } = plan(512, "float32", gigabytes);
      return [fits, Math.min(batch, 3), gradientBudget < Infinity, alternating.length];
    });
    expect(seen).toEqual([
      [true, 3, false, 0],
      [true, 3, false, 2],
      [true, 1, false, 2],
      [true, 1, true, 2],
      [true, 1, true, 4],
      [true, 1, true, 5],
    ]);
  });

  test("at the last the UNet gives way to the gradient, which may take what the UNet has left", () => {
    const { bytes, alternating, gradientBudget, together } = plan(512, "float32", 5);
    expect(alternating).toEqual(["unet", "text_encoder", "vae_decoder", "vae_encoder", GRADIENT]);
    expect({ bytes, together }).toEqual({ bytes: 4537e6, together: 0 });
    expect(gradientBudget).toBe(1480e6 + 5e9 - (273e6 + 1480e6));
  });

  test("what fits never takes more than the budget, and less is never better", () => {
    for (const weights of ["float32", "float16", "int8"] as const) {
      for (const side of [256, 512]) {
        let fitted = false;
        for (let gigabytes = 1; gigabytes <= 16; gigabytes += 0.25) {
          const { fits, bytes, gradientBudget } = plan(side, weights, gigabytes);
          if (fits) expect(bytes).toBeLessThanOrEqual(gigabytes * 1e9);
          expect(gradientBudget).toBeGreaterThanOrEqual(AT[side]!(weights).gradient!.again.peak);
          expect(fits || !fitted).toBe(true);
          fitted = fits;
        }
        expect(fitted).toBe(true);
      }
    }
  });

  test("smaller weights and smaller pictures fit where larger do not, in words", () => {
    expect(plan(512, "float32", 4)).toMatchObject({ fits: false, says: "needs 4.5 GB" });
    expect(plan(512, "float16", 2.5).fits).toBe(false);
    expect(plan(256, "float16", 2.5).fits).toBe(true);
    expect(plan(256, "int8", 3).fits).toBe(true);
    expect(plan(512, "float16", 6.6).says).toBe(
      "6.5 GB, one sample of the UNet a call, parts of the encoder computed twice, " +
        "text encoder and decoder loaded in turn",
    );
  });

  test("a GPU whose buffers are small cannot hold the attention of large pictures", () => {
    const { fits, says } = plan(512, "float16", 24, 2 ** 27);
    expect({ fits, says }).toEqual({
      fits: false,
      says: "needs a buffer of 0.5 GB, this GPU's largest has 0.1 GB",
    });
    expect(plan(512, "float16", 24, 1.2e9).batch).toBe(2);
  });

  test("an encoder without a gradient needs none", () => {
    const { gradient: _, ...sizes } = AT[512]!("float16");
    const { bytes, gradientBudget } = planMemory(512, sizes, { budget: 24e9, largestBuffer: 2 ** 31 });
    expect(gradientBudget).toBe(Infinity);
    expect(bytes).toBe(plan(512, "float16", 24).bytes - 3346e6);
  });
});

test("the gradient is the last to be loaded in turn", () => {
  expect(plan(512, "float32", 7).alternating).toContain(GRADIENT);
  expect(plan(512, "float32", 8.5).alternating).not.toContain(GRADIENT);
});
