import { expect, it } from "vitest";
import { leftInWords, rateInWords, timeInWords } from "./progress.ts";

it("tells times and rates the way people do", () => {
  expect([0, 9.6, 65, 3599, 3700].map(timeInWords)).toEqual(["0:00", "0:10", "1:05", "59:59", "1:01:40"]);
  expect([3.21, 0.4, 0, NaN].map(rateInWords)).toEqual(["3.2 it/s", "2.5 s/it", "", ""]);
  expect([61, NaN].map(leftInWords)).toEqual(["1:01 left", ""]);
});
