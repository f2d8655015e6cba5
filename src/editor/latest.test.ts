import { expect, it, vi } from "vitest";
import { createLatest } from "./latest.ts";

it("does the first and the last of a burst, one at a time, also after a failure", async () => {
  const done: number[] = [];
  let open = 0;
  const ask = createLatest(async (request: number) => {
    expect(++open).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1));
    open--;
    if (request === 1) throw new Error("refused");
    done.push(request);
  });
  [1, 2, 3, 4].forEach(ask);
  await vi.waitFor(() => expect(done).toEqual([4]));
  ask(5);
  await vi.waitFor(() => expect(done).toEqual([4, 5]));
});
