import { expect, it } from "vitest";
import { explain } from "../cli/exit.ts";
import { benchCommand, rowFilter } from "./options.ts";
import type { BenchOptions } from "./options.ts";
import { ROW_NAMES } from "./suite.ts";

const parse = (...words: string[]): BenchOptions =>
  benchCommand()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .parse(words, { from: "user" })
    .opts<BenchOptions>();

it("takes lists with commas and numbers within reason", () => {
  expect(parse()).toEqual({ provider: "auto" });
  expect(parse("--scenes", "a, b.ply,", "--repeat", "7", "--only", "unet")).toEqual({
    provider: "auto",
    scenes: ["a", "b.ply"],
    repeat: 7,
    only: ["unet"],
  });
  expect(() => parse("--repeat", "0")).toThrow("Expected a whole number");
  expect(() => parse("--provider", "cuda")).toThrow("Allowed choices");
  expect(() => parse("surplus")).toThrow();
});

it("has a row for every part of a step", () => {
  expect(new Set(ROW_NAMES).size).toBe(ROW_NAMES.length);
  expect(ROW_NAMES).toEqual(
    expect.arrayContaining([
      "text encoder",
      "encoder forward",
      "decoder ×2",
      "unet ×1",
      "unet ×3",
      "unet ×4",
    ]),
  );
  expect(ROW_NAMES).toEqual(
    expect.arrayContaining(["raster forward", "raster backward", "adam", "step exact"]),
  );
});

it("picks rows by parts of their names, and refuses words that no row has", () => {
  expect(ROW_NAMES.filter(rowFilter(undefined))).toEqual(ROW_NAMES);
  expect(ROW_NAMES.filter(rowFilter(["raster", "adam"]))).toEqual([
    "raster forward",
    "raster backward",
    "adam",
  ]);
  const refused = (): unknown => rowFilter(["adam", "coffee"]);
  expect(refused).toThrow("coffee");
  try {
    refused();
  } catch (error) {
    expect(explain(error).reason).toBe("usage");
  }
});
