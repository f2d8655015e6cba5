import { expect, it } from "vitest";
import { createRng } from "../../core/rng.ts";
import { chooseRecomputed } from "./choose.ts";
import type { SegmentCost } from "./choose.ts";

const rng = createRng("checkpoints");
const segments: readonly SegmentCost[] = Array.from({ length: 9 }, () => {
  const entry = rng.int(8) + 1;
  const kept = entry + rng.int(40);
  return { entry, kept, own: kept + rng.int(20), work: rng.int(10) + 1 };
});

interface Outcome {
  readonly peak: number;
  readonly work: number;
}

function outcomeOf(again: ReadonlySet<number>): Outcome {
  let [held, peak, work] = [0, 0, 0];
  for (const [i, segment] of segments.entries()) {
    peak = Math.max(peak, held + segment.own);
    held += again.has(i) ? segment.entry : segment.kept;
    if (again.has(i)) work += segment.work;
  }
  return { peak, work };
}

const everyChoice = Array.from({ length: 2 ** segments.length }, (_, bits) =>
  outcomeOf(new Set(segments.flatMap((_, i) => ((bits >> i) & 1 ? [i] : [])))),
);
const [most, least] = [
  everyChoice[0]!.peak,
  everyChoice.reduce((smallest, { peak }) => Math.min(smallest, peak), Infinity),
];

it("does no work where everything may be kept", () => {
  expect(chooseRecomputed(segments, most)).toEqual([]);
});

it("does the least work of all choices that stay within a budget", () => {
  expect(most).toBeGreaterThan(1.5 * least);
  for (let budget = least; budget < most; budget++) {
    const { peak, work } = outcomeOf(new Set(chooseRecomputed(segments, budget)));
    expect(peak).toBeLessThanOrEqual(budget);
    const cheapest = Math.min(
      ...everyChoice.filter((other) => other.peak <= budget).map((other) => other.work),
    );
    expect(work).toBe(cheapest);
  }
});

it("comes within a twentieth of the least that is possible where the budget is less", () => {
  const { peak } = outcomeOf(new Set(chooseRecomputed(segments, 0)));
  expect(peak).toBeLessThanOrEqual(1.05 * least);
});
