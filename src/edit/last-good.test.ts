import { expect, test } from "vitest";
import { createSplats, type Splats } from "../scene/attributes.ts";
import { keepLastGood } from "./last-good.ts";

const scene = (mark: number): Splats => {
  const splats = createSplats(1, 0);
  splats.means[0] = mark;
  return splats;
};

test("small scenes are copied after every step", async () => {
  let mark = 0;
  const kept = keepLastGood(scene(0), async () => scene(++mark), { now: () => 0 });
  for (let step = 1; step <= 3; step++) {
    kept.offer(step);
    await kept.settled();
    expect(kept.steps).toBe(step);
    expect(kept.splats.means[0]).toBe(step);
  }
});

test("copying takes no more than its share of the time", async () => {
  let time = 0;
  let copies = 0;
  const download = async (): Promise<Splats> => {
    copies++;
    time += 100; // a large scene
    return scene(copies);
  };
  const kept = keepLastGood(scene(0), download, { share: 0.1, now: () => time });
  for (let step = 1; step <= 100; step++) {
    kept.offer(step);
    await kept.settled();
    time += 50;
  }
  expect(copies * 100).toBeLessThanOrEqual(0.13 * time);
  expect(copies).toBeGreaterThan(3);
});

test("a copy that fails leaves the one before", async () => {
  let fail = false;
  const kept = keepLastGood(scene(7), async () => (fail ? Promise.reject(new Error("lost")) : scene(8)), {
    now: () => 0,
  });
  kept.offer(1);
  await kept.settled();
  fail = true;
  kept.offer(2);
  await kept.settled();
  expect(kept.steps).toBe(1);
  expect(kept.splats.means[0]).toBe(8);
});

test("steps do not wait for a copy under way", async () => {
  let finish = (_: Splats): void => {};
  let copies = 0;
  const download = (): Promise<Splats> => {
    copies++;
    return new Promise((resolve) => (finish = resolve));
  };
  const kept = keepLastGood(scene(0), download, { now: () => 0 });
  kept.offer(1);
  kept.offer(2);
  kept.offer(3);
  expect(copies).toBe(1);
  finish(scene(1));
  await kept.settled();
  expect(kept.steps).toBe(1);
});
