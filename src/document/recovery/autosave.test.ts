import { expect, it } from "vitest";
import { createAutosave } from "./autosave.ts";

/** A clock that only moves when told, and saves that take `took`. */
function machine(took = 0) {
  let time = 0;
  let timers: { at: number; callback: () => void }[] = [];
  const saves: number[] = [];
  const errors: unknown[] = [];
  let broken = false;
  let recovered = 0;
  const later = (callback: () => void, ms: number): void => void timers.push({ at: time + ms, callback });
  const autosave = createAutosave({
    now: () => time,
    later,
    onError: (error) => errors.push(error),
    onRecovered: () => void recovered++,
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
  const breakIt = (is: boolean): void => void (broken = is);
  return { autosave, saves, errors, recovered: () => recovered, advance, breakIt };
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

it("never saves twice at a time", async () => {
  const slow = machine(30_000);
  slow.autosave.note();
  await slow.advance(2000);
  slow.autosave.note();
  await slow.advance(60_000);
  expect(slow.saves).toEqual([1000, 32_000]);
});

it("tries again after a failure, by itself and with the next change, and tells of it once", async () => {
  const { autosave, saves, errors, recovered, advance, breakIt } = machine();
  breakIt(true);
  autosave.note();
  await advance(20_000);
  autosave.note();
  await advance(20_000);
  expect([saves.length, errors.length, recovered()]).toEqual([3, 1, 0]);
  breakIt(false);
  await advance(60_000);
  expect([saves.length, errors.length, recovered()]).toEqual([5, 1, 1]);
  breakIt(true);
  autosave.note();
  await advance(2000);
  expect(errors).toHaveLength(2);
});

it("forgets what need not be saved", async () => {
  const { autosave, saves, advance } = machine();
  autosave.note();
  autosave.forget();
  await advance(20_000);
  expect(saves).toEqual([]);
});
