import { describe, expect, it } from "vitest";
import { STANDARD_VIEWS } from "../camera/standard-views.ts";
import { anglesOf, between, opposite } from "./turn-to.ts";

const view = (id: string) => anglesOf(STANDARD_VIEWS.find((candidate) => candidate.id === id)!.from);

describe("turning to a view", () => {
  it("goes the shorter way around", () => {
    const left = { azimuth: -3, polar: 1 };
    const back = { azimuth: 3, polar: 2 };
    const half = between(left, back, 0.5);
    expect(Math.cos(half.azimuth)).toBeCloseTo(-1, 12);
    expect(half.polar).toBe(1.5);
    expect(Math.abs(between(left, back, 1).azimuth - left.azimuth)).toBeCloseTo(2 * Math.PI - 6, 12);
  });

  it.each([
    ["front", "back"],
    ["right", "left"],
    ["top", "bottom"],
  ])("has %s and %s on either side of the focus", (one, other) => {
    const { azimuth, polar } = opposite(view(one));
    expect(polar).toBeCloseTo(view(other).polar, 12);
    expect(Math.sin(polar) * Math.cos(azimuth - view(other).azimuth)).toBeCloseTo(Math.sin(polar), 12);
  });

  it("looks from the side that the view is called after", () => {
    expect(view("front")).toEqual({ azimuth: 0, polar: Math.PI / 2 });
    expect(view("right")).toEqual({ azimuth: Math.PI / 2, polar: Math.PI / 2 });
    expect(view("top")).toEqual({ azimuth: 0, polar: 0 });
  });
});
