import { describe, expect, it } from "vitest";
import { slider } from "../../core/params.ts";
import { distill, situation } from "../testing/distill.ts";
import { added, defineMethod, scaled, sumTerms } from "./coefficients.ts";

describe("sums of coefficients", () => {
  it("are 0 where only rounding is left, so nothing is evaluated for it", () => {
    expect(0.1 + 0.2 - 0.3).not.toBe(0);
    expect(added({ "target/null": 0.1, noise: 1 }, { "target/null": 0.2 }, { "target/null": -0.3 })).toEqual({
      noise: 1,
    });
  });

  it("keep a weight that is small but meant", () => {
    expect(added({ "target/null": 1e-9 }, { noise: 1 })).toEqual({ "target/null": 1e-9, noise: 1 });
  });

  it("scale", () => {
    expect(scaled({ "target/target": 2, difference: -1 }, 3)).toEqual({ "target/target": 6, difference: -3 });
    expect(scaled({ noise: 5 }, 0)).toEqual({});
  });
});

describe("a row", () => {
  const weight = slider({ label: "", help: "", min: 0, max: 10, step: 1, default: 1 });
  const chain = defineMethod({
    id: "chain",
    label: "Chain",
    cite: "this test",
    params: { a: weight, b: weight, c: weight },
    weight: () => 2,
    terms: ({ a, b, c }) => ({
      first: { "target/target": a, "target/source": -a },
      second: { "target/source": b, "target/null": -b },
      third: { "target/null": c, "source/null": -c },
      drift: { difference: 1 },
    }),
  });
  const at = situation();
  const names = (params: Record<string, number>) => distill(chain, params, at).terms.map(({ name }) => name);

  it("weights its slots and noise with w(t), not its difference", () => {
    const sum = sumTerms(chain.coefficients({ a: 1, b: 3, c: 3 }, at.t, at.schedule));
    expect(sum).toEqual({ "target/target": 2, "target/source": 4, "source/null": -6, difference: 1 });
  });

  it("tells terms apart as far as its evaluations go", () => {
    expect(names({ a: 1, b: 2, c: 3 })).toEqual(["first", "second", "third", "drift"]);
    expect(names({ a: 1, b: 3, c: 3 })).toEqual(["first", "second + third", "drift"]);
    expect(names({ a: 3, b: 3, c: 3 })).toEqual(["first + second + third", "drift"]);
    expect(names({ a: 0, b: 2, c: 3 })).toEqual(["second", "third", "drift"]);
  });
});
