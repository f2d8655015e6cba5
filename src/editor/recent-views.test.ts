import { expect, it } from "vitest";
import type { Camera } from "../camera/camera.ts";
import { pinhole } from "../camera/intrinsics.ts";
import { lookAt } from "../camera/pose.ts";
import { watchViews, type RecentViews } from "./recent-views.ts";
import { createSessionStore } from "./store.ts";

const cameraAt = (x: number): Camera => ({
  ...pinhole(64, 64, 0.8),
  near: 0.01,
  worldToCamera: lookAt([x, 0, 3], [0, 0, 0], [0, 1, 0]),
});

it("keeps the last views of a run in order, and none of one that has ended", () => {
  const store = createSessionStore();
  const told: RecentViews[] = [];
  const stop = watchViews(store, (views) => told.push(views));
  const step = (...cameras: Camera[]): void => {
    const rest = { steps: 99, iterationsPerSecond: 1, secondsLeft: 1, t: 1, gradientNorm: 1, terms: {} };
    store.setState({ runState: "running", progress: { step: 1, ...rest, cameras } });
  };
  const [a, b, c] = [cameraAt(0), cameraAt(1), cameraAt(2)];
  step(a);
  store.setState({ runState: "paused" }); // nothing new to tell
  step(b, c);
  expect(told).toEqual([
    { cameras: [], latest: 0 },
    { cameras: [a], latest: 1 },
    { cameras: [a, b, c], latest: 2 },
  ]);
  for (let i = 0; i < 40; i++) step(a);
  expect(told.at(-1)!.cameras).toHaveLength(24);
  store.setState({ runState: "ended" });
  expect(told.at(-1)).toEqual({ cameras: [], latest: 0 });
  store.setState({ runState: "running", progress: undefined }); // the next run begins without
  expect(told.at(-1)).toEqual({ cameras: [], latest: 0 });
  stop();
  step(a);
  expect(told.at(-1)).toEqual({ cameras: [], latest: 0 });
});
