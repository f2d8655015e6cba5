import { expect, it } from "vitest";
import { volumeAround, volumeFields, volumeRegion } from "./volume.ts";

const volume = volumeAround({ center: [1, 2, 3], radius: 2 });

it("is what selecting and cropping take", () => {
  expect(volumeFields("sphere", volume)).toEqual({ center: [1, 2, 3], radius: 2 });
  expect(volumeFields("box", volume)).toEqual({ center: [1, 2, 3], size: [4, 4, 4], rotation: [1, 0, 0, 0] });
});

it("is a region of an edit, turned as it is", () => {
  expect(volumeRegion("sphere", volume)).toEqual({ kind: "sphere", center: [1, 2, 3], radius: 2 });
  expect(volumeRegion("box", volume)).toEqual({ kind: "box", min: [-1, 0, 1], max: [3, 4, 5] });
  const rotation = [0.9, 0.1, 0, 0] as const;
  expect(volumeRegion("box", { ...volume, rotation })).toEqual({
    ...{ kind: "box", min: [-1, 0, 1], max: [3, 4, 5], rotation },
  });
});
