import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import type { ShDegree } from "../scene/attributes.ts";
import { assertSceneFits } from "./scene-fits.ts";

/** What WebGPU promises of every GPU. */
const LEAST = { maxStorageBufferBindingSize: 2 ** 27, maxBufferSize: 2 ** 28 };

function refusal(count: number, shDegree: ShDegree): UserError | undefined {
  try {
    assertSceneFits({ count, shDegree }, LEAST);
  } catch (error) {
    return error as UserError;
  }
  return undefined;
}

describe("room for a scene", () => {
  it.each([
    [699_050, 3],
    [2_796_202, 1],
    [8_388_608, 0],
  ] as const)("is there for %i splats of SH %i, and for no more", (count, shDegree) => {
    expect(refusal(count, shDegree)).toBeUndefined();
    expect(refusal(count + 1, shDegree)).toBeInstanceOf(UserError);
  });

  it("is told with the highest SH and the number of splats that would fit", () => {
    const { message, hint } = refusal(1_000_000, 3)!;
    expect(message).toContain(
      "1,000,000 splats with SH 3 need 225.1 MiB on the GPU, 183.1 MiB of it in one piece",
    );
    expect(message).toContain("takes 128.0 MiB");
    expect(hint).toBe("With another tool, reduce it to SH 2, or thin it out to 699,050 splats.");
    expect(refusal(20_000_000, 3)!.hint).toBe("With another tool, thin it out to 699,050 splats.");
  });
});
