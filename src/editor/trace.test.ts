import { describe, expect, it } from "vitest";
import { EMPTY_TRACE, seriesOf, withMark, withPoint, type Trace } from "./trace.ts";

const point = (step: number, terms: Record<string, number> = {}) => ({ step, gradientNorm: step / 2, terms });
const run = (steps: number): Trace =>
  Array.from({ length: steps }, (_, i) => point(i + 1)).reduce(withPoint, EMPTY_TRACE);

describe("the trace of a run", () => {
  it("keeps every step of a short run", () => {
    expect(run(200).points.map(({ step }) => step)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });

  it("thins out a long one evenly and keeps its values", () => {
    const { points, stride } = run(30_000);
    expect(points.length).toBeGreaterThan(200);
    expect(points.length).toBeLessThanOrEqual(512);
    for (const { step, gradientNorm } of points) {
      expect(step % stride).toBe(0);
      expect(gradientNorm).toBe(step / 2);
    }
    expect(points.at(-1)!.step).toBeGreaterThan(30_000 - stride);
  });

  it("gives one series for the gradient and one for each term, also of a term that comes later", () => {
    const trace = [point(1, { "cross-prompt": 3 }), point(2, { "cross-prompt": 4, identity: 1 })].reduce(
      withPoint,
      EMPTY_TRACE,
    );
    expect(seriesOf(trace)).toEqual([
      {
        name: "gradient",
        points: [
          { step: 1, value: 0.5 },
          { step: 2, value: 1 },
        ],
      },
      {
        name: "cross-prompt",
        points: [
          { step: 1, value: 3 },
          { step: 2, value: 4 },
        ],
      },
      { name: "identity", points: [{ step: 2, value: 1 }] },
    ]);
  });

  it("remembers what was changed when", () => {
    expect(withMark(run(3), { step: 4, text: "Steps 300" }).marks).toEqual([{ step: 4, text: "Steps 300" }]);
  });
});
