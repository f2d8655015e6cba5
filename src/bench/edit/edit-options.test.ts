import { expect, it } from "vitest";
import { chooseEdits, editBenchCommand, setOf } from "./edit-options.ts";
import type { EditBenchOptions } from "./edit-options.ts";

const parse = (...words: string[]): EditBenchOptions =>
  editBenchCommand()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .parse(words, { from: "user" })
    .opts<EditBenchOptions>();
const chosen = (...words: string[]) => chooseEdits(parse(...words));

it("reports unless it sweeps", () => {
  expect(parse()).toEqual({ region: "object", views: 20, provider: "auto" });
  expect(setOf(parse())).toBe("report");
  expect(setOf(parse("--sweep", "a.json"))).toBe("tuning");
  expect(setOf(parse("--sweep", "a.json", "--set", "report"))).toBe("report");
  expect(() => parse("--region", "everything")).toThrow("Allowed choices");
  expect(() => parse("--views", "0")).toThrow("Expected a whole number");
});

it("picks edits by set, name and group", () => {
  expect(new Set(chosen().map(({ set }) => set))).toEqual(new Set(["report"]));
  expect(chosen("--edits", "red-apple").every(({ scene }) => scene === "red-apple")).toBe(true);
  expect(new Set(chosen("--edits", "ground,light").map(({ group }) => group))).toEqual(
    new Set(["ground", "light"]),
  );
  expect(chosen("--quick", "--edits", "colour").map(({ id }) => id)).toEqual(["red-apple-blue"]);
  expect(() => chosen("--edits", "coffee")).toThrow("coffee");
  expect(() => chosen("--quick", "--set", "tuning")).toThrow("small subset");
});
