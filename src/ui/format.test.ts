import { expect, it } from "vitest";
import { decimalsOf, formatDuration, formatRate } from "./format.ts";

it.each([
  [0.4, "0 s"],
  [59.4, "59 s"],
  [59.6, "1 min 00 s"],
  [185, "3 min 05 s"],
  [4320, "1 h 12 min"],
  [Infinity, "…"],
])("%d seconds read %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

it.each([
  [0, "… it/s"],
  [12.34, "12 it/s"],
  [2.44, "2.4 it/s"],
  [0.25, "4.0 s/it"],
])("%d a second read %s", (rate, text) => expect(formatRate(rate)).toBe(text));

it.each([
  [1, 0],
  [0.05, 2],
  [1e-7, 7],
])("a step of %d has %d decimals", (step, decimals) => expect(decimalsOf(step)).toBe(decimals));
