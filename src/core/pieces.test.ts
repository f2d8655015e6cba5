import { describe, expect, it } from "vitest";
import { asPart, atOnce, byTurns, type InPieces } from "./pieces.ts";

/** Counts up to n, and takes its time. */
function* counting(n: number, ms = 0): InPieces<number> {
  for (let i = 1; i <= n; i++) {
    const end = performance.now() + ms;
    while (performance.now() < end);
    yield i / n;
  }
  return n;
}

describe("work in pieces", () => {
  it("is the same at once and by turns", async () => {
    expect(atOnce(counting(5))).toBe(5);
    expect(await byTurns(counting(5))).toBe(5);
  });

  it("lets others have a turn, and tells how far it is", async () => {
    const shares: number[] = [];
    let turns = 0;
    const timer = setInterval(() => turns++);
    await byTurns(counting(6, 45), { onShare: (share) => shares.push(share) });
    clearInterval(timer);
    expect(shares).toEqual([1, 2, 3, 4, 5, 6].map((i) => i / 6));
    expect(turns).toBeGreaterThan(0);
  });

  it("ends when it is told to, with the pieces that are left undone", async () => {
    const abort = new AbortController();
    const shares: number[] = [];
    const onShare = (share: number): void => {
      shares.push(share);
      if (share === 0.5) abort.abort();
    };
    const work = byTurns(counting(4, 45), { signal: abort.signal, onShare });
    await expect(work).rejects.toMatchObject({ name: "AbortError" });
    expect(shares).toEqual([0.25, 0.5]);
  });

  it("can be a part of longer work", () => {
    const part = asPart(counting(2), 0.6, 1);
    expect([part.next(), part.next(), part.next()]).toEqual([
      { done: false, value: 0.8 },
      { done: false, value: 1 },
      { done: true, value: 2 },
    ]);
  });
});
