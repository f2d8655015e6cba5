import { expect, it } from "vitest";
import { createAutosave } from "./autosave.ts";

/** A clock that only moves when told, and saves that take `took`. */
function machine(took = 0) {
  let time = 0;
  let timers: { at: number; callback: () => void }[] = [];
  const saves: number[] = [];
  const errors: unknown[] = [];
  let broken = false;
  const later = (callback: () => void, ms: number): void => void timers.push({ at: time + ms, callback });
  const autosave = createAutosave({
    now: () => time,
    later,
    onError: (error) => errors.push(error),
    save() {
      saves.push(time);
      if (broken) return Promise.reject(new Error("disk full"));
      return new Promise((resolve) => later(resolve, took));
    },
  });
  const advance = async (ms: number): Promise<void> => {
    const end = time + ms;
    for (;;) {
      for (let i = 0; i < 10; i++) await Promise.resolve();
      const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      time = Math.max(time, next.at);
      next.callback();
    }
    time = end;
  };
  return { autosave, saves, errors, advance, breakIt: (is: boolean) => (broken = is) };
}

it("saves soon after a change, and not without one", async () => {
  const { autosave, saves, advance } = machine();
  await advance(60_000);
  autosave.note();
  await advance(60_000);
  expect(saves).toEqual([61_000]);
});

it("saves within ten seconds of any change, however often something changes", async () => {
  const { autosave, saves, advance } = machine(500);
  for (let i = 0; i < 100; i++) {
    autosave.note();
    await advance(300);
  }
  await advance(20_000);
  expect(saves).toEqual([1000, 9000, 17_000, 25_000, 33_000]);
});

it("never saves twice at a time, and tries again after a failure", async () => {
  const slow = machine(30_000);
  slow.autosave.note();
  await slow.advance(2000);
  slow.autosave.note();
  await slow.advance(60_000);
  expect(slow.saves).toEqual([1000, 32_000]);

  const { autosave, saves, errors, advance, breakIt } = machine();
  breakIt(true);
  autosave.note();
  await advance(20_000);
  expect([saves.length, errors.length]).toEqual([1, 1]);
  breakIt(false);
  autosave.note();
  await advance(20_000);
  expect([saves.length, errors.length]).toEqual([2, 1]);
});

it("forgets what need not be saved", async () => {
  const { autosave, saves, advance } = machine();
  autosave.note();
  autosave.forget();
  await advance(20_000);
  expect(saves).toEqual([]);
});
