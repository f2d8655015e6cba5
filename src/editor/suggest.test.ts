import { expect, it } from "vitest";
import { suggestedRegion, suggestionOf, suggestionsFor } from "./suggest.ts";

const APPLE = "a photo of a red apple on grass";

it.each([
  ["a photo of a blue apple on grass", "blue", "object"],
  ["a photo of a pumpkin on grass", "pumpkin", "object"],
  ["a photo of a red apple on snow", "on snow", "everything"],
  ["a photo of a red apple on a wooden table", "on a wooden table", "everything"],
  ["a photo of a red apple on grass at night", "at night", "everything"],
  ["a pencil sketch of a red apple on grass", "pencil sketch", "everything"],
  ["a blue pear", "blue pear", "object"],
])("from the apple to “%s” changes “%s”: %s", (target, change, scope) => {
  expect(suggestionOf({ source: APPLE, target })).toEqual({ source: APPLE, target, change, scope });
});

it("suggests what suits the scene as it is described, and one of every change where nothing does", () => {
  const examples = [
    { source: APPLE, target: "a photo of a red apple on snow" },
    { source: "a photo of a house on grass", target: "a photo of a house on snow" },
  ];
  const targets = (source: string) => suggestionsFor(examples, source).map(({ target }) => target);
  expect(targets(`${APPLE} `)).toEqual([examples[0]!.target]);
  expect(targets("a photo of a house on grass")).toEqual([examples[1]!.target]);
  expect(targets("a photo of a bear")).toEqual([examples[0]!.target]);
});

it("takes a suggestion for the object to the object, where the scene knows one", () => {
  const object = { center: [0, 1, 0], radius: 2 } as const;
  expect(suggestedRegion({ scope: "object" }, object)).toEqual({ kind: "sphere", ...object });
  expect(suggestedRegion({ scope: "object" }, undefined)).toEqual({ kind: "all" });
  expect(suggestedRegion({ scope: "everything" }, object)).toEqual({ kind: "all" });
});
