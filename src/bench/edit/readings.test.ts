import { describe, expect, it, test } from "vitest";
import type { Attributes } from "../../cli/scenes/attributes.ts";
import { edits } from "./edits.ts";
import { readsAs, shareKept, shareRight, tally } from "./readings.ts";

const edit = edits.get("red-apple-blue");
const twins = { apple: "red" };
const { from, to } = edit;

describe("what cannot be told apart", () => {
  it("is natural and its twin, for kinds that have one", () => {
    const natural = { ...from, material: "natural" };
    expect(readsAs(natural, from, "material", twins)).toBe(true);
    expect(readsAs(from, natural, "material", twins)).toBe(true);
    expect(readsAs(natural, to, "material", twins)).toBe(false);
    expect(readsAs(natural, from, "material", {})).toBe(false);
    const cube = { ...from, kind: "cube" };
    expect(readsAs({ ...cube, material: "natural" }, cube, "material", twins)).toBe(false);
  });

  it("is judged by the kind that is shown, not the one that is read", () => {
    const misread = { ...from, kind: "mushroom", material: "natural" };
    expect(readsAs(misread, from, "material", twins)).toBe(true);
    expect(readsAs(misread, from, "kind", twins)).toBe(false);
  });
});

test("right is what reads as wanted, whatever becomes of the rest", () => {
  const elsewhere: Attributes = { ...to, ground: "snow" };
  expect(shareRight(edit, [to, elsewhere, from, { ...to, material: "green" }], twins)).toBe(0.5);
});

test("kept counts what read right before, and no more", () => {
  const misread: Attributes = { ...from, ground: "sand" };
  // Two views, four attributes to hold: one was misread before, one is lost after.
  const before = [from, misread];
  const after = [{ ...to, kind: "ball" }, to];
  expect(shareKept(edit, { before, after }, twins)).toBeCloseTo(6 / 7);
  expect(shareKept(edit, { before, after: [to, misread] }, twins)).toBe(1);
  const nonsense: Attributes = { kind: "?", material: "?", ground: "?", time: "?", style: "?" };
  expect(shareKept(edit, { before: [nonsense], after: [nonsense] }, twins)).toBe(1);
});

test("a tally starts with the most frequent word", () => {
  expect(tally([from, to, to], "material")).toEqual([
    ["blue", 2],
    ["red", 1],
  ]);
});
