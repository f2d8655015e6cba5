import { expect, it } from "vitest";
import { createTurns } from "./turns.ts";

const nap = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

it("lets nobody begin before the one ahead has ended", async () => {
  const inTurn = createTurns();
  const events: string[] = [];
  const work = (name: string, ms: number) => async () => {
    events.push(`${name} begins`);
    await nap(ms);
    events.push(`${name} ends`);
    return name;
  };
  const results = await Promise.all([inTurn(work("slow", 15)), inTurn(work("quick", 0))]);
  expect(results).toEqual(["slow", "quick"]);
  expect(events).toEqual(["slow begins", "slow ends", "quick begins", "quick ends"]);
});

it("goes on after a failure, which is told to whom it belongs", async () => {
  const inTurn = createTurns();
  const failed = inTurn(() => Promise.reject(new Error("broken")));
  const next = inTurn(() => "fine");
  await expect(failed).rejects.toThrow("broken");
  expect(await next).toBe("fine");
});
