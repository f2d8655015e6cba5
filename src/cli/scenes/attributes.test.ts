import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ATTRIBUTE_NAMES, ATTRIBUTE_WORDS, captionOf, isHeldOut } from "./attributes.ts";

const world = readFileSync(join(import.meta.dirname, "../../../models/train/world.py"), "utf8");

test("the words are those the model is trained with, in the same order", () => {
  for (const name of ATTRIBUTE_NAMES) {
    const list = new RegExp(`^${name.toUpperCase()}S = \\[([^\\]]*)\\]`, "m").exec(world)![1]!;
    expect([...list.matchAll(/"(\w+)"/g)].map((match) => match[1])).toEqual(ATTRIBUTE_WORDS[name]);
  }
});

test("captions say what there is to say", () => {
  const plain = { kind: "apple", material: "natural", ground: "grass", time: "day", style: "photo" };
  expect(captionOf(plain)).toBe("a photo of an apple on grass");
  expect(captionOf({ ...plain, material: "red", ground: "floor", time: "night", style: "sketch" })).toBe(
    "a pencil sketch of a red apple on a stone floor at night",
  );
  expect(captionOf({ ...plain, material: "ice", ground: "table", time: "sunset", style: "watercolor" })).toBe(
    "a watercolor painting of an ice apple on a wooden table at sunset",
  );
});

test("one combination in twelve is held out, each word among them", () => {
  const { kind: kinds, material: materials, ground: grounds } = ATTRIBUTE_WORDS;
  const held = kinds.flatMap((kind) =>
    materials.flatMap((material) =>
      grounds
        .filter((ground) => isHeldOut({ kind, material, ground }))
        .map((ground) => [kind, material, ground]),
    ),
  );
  expect(held).toHaveLength((kinds.length * materials.length * grounds.length) / 12);
  expect(new Set(held.flat()).size).toBe(kinds.length + materials.length + grounds.length);
  // The rule that the training scripts keep.
  expect(world).toContain("(7 * kind + 5 * material + 3 * ground) % 12 == 0");
  expect(isHeldOut({ kind: "apple", material: "blue", ground: "grass" })).toBe(true);
});
