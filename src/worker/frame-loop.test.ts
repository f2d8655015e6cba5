import { describe, expect, it } from "vitest";
import { createFrameLoop, type DrawnFrame } from "./frame-loop.ts";

/** A clock that only moves when told, and a GPU that takes `msPerFrame` for a full picture. */
function machine(msPerFrame: number) {
  let time = 0;
  let timers: { at: number; callback: () => void }[] = [];
  const frames: { time: number; scale: number }[] = [];
  const errors: unknown[] = [];
  const settled: boolean[] = [];
  const drawn: DrawnFrame[] = [];
  let failNext = false;
  const later = (callback: () => void, ms: number): void => void timers.push({ at: time + ms, callback });
  const loop = createFrameLoop({
    now: () => time,
    later,
    nextFrame: (callback) => later(callback, 16 - (time % 16)),
    onError: (error) => errors.push(error),
    onSettled: (isSettled) => settled.push(isSettled),
    onDrawn: (frame) => drawn.push(frame),
    draw: (scale) => {
      frames.push({ time, scale });
      if (failNext) return Promise.reject(new Error("device lost"));
      return new Promise((resolve) => later(resolve, msPerFrame * scale ** 2));
    },
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  const advance = async (ms: number): Promise<void> => {
    const end = time + ms;
    await settle();
    for (;;) {
      const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      time = Math.max(time, next.at);
      next.callback();
      await settle();
    }
    time = end;
  };
  return { loop, frames, errors, settled, drawn, advance, fail: () => (failNext = true) };
}

describe("frame loop", () => {
  it("draws nothing while nothing changes", async () => {
    const { loop, frames, drawn, advance } = machine(5);
    await advance(1000);
    expect(frames).toHaveLength(0);
    loop.invalidate("scene");
    await advance(1000);
    expect(frames).toEqual([{ time: 1008, scale: 1 }]);
    expect(drawn).toEqual([{ ms: 5, scale: 1 }]);
  });

  it("draws the latest state once, however often it changed during a frame", async () => {
    const { loop, frames, advance } = machine(30);
    loop.invalidate("camera");
    await advance(20);
    for (let i = 0; i < 5; i++) loop.invalidate("camera");
    await advance(1000);
    expect(frames).toHaveLength(2);
  });

  it("keeps full resolution on a fast adapter", async () => {
    const { loop, frames, advance } = machine(8);
    for (let i = 0; i < 20; i++) {
      loop.invalidate("camera");
      await advance(16);
    }
    await advance(1000);
    expect(frames.every(({ scale }) => scale === 1)).toBe(true);
    expect(frames.length).toBeGreaterThanOrEqual(19);
  });

  it("gives a moving picture fewer pixels on a slow one, and sharpens it when the camera rests", async () => {
    const { loop, frames, advance } = machine(300);
    for (let i = 0; i < 60; i++) {
      loop.invalidate("camera");
      await advance(16);
    }
    await advance(3000);
    const moving = frames.slice(1, -1);
    expect(moving.length).toBeGreaterThan(5);
    expect(moving.every(({ scale }) => scale === 1 / 3)).toBe(true);
    expect(frames.at(-1)!.scale).toBe(1);
    expect(frames.filter(({ scale }) => scale === 1)).toHaveLength(2);
  });

  it("tells when the picture is the latest at full resolution, and when it no longer is", async () => {
    const { loop, settled, advance } = machine(300);
    loop.invalidate("scene");
    await advance(1000);
    expect(settled).toEqual([true]);
    loop.invalidate("camera");
    loop.invalidate("camera");
    expect(settled).toEqual([true, false]);
    await advance(100); // the picture with fewer pixels
    expect(settled).toEqual([true, false]);
    await advance(1000);
    expect(settled).toEqual([true, false, true]);
  });

  it("leaves most of the time to a run whose progress it shows", async () => {
    const { loop, frames, advance } = machine(100);
    for (let i = 0; i < 100; i++) {
      loop.invalidate("scene");
      await advance(50);
    }
    expect(frames.length).toBeLessThanOrEqual(11);
    expect(frames.length).toBeGreaterThanOrEqual(9);
  });

  it("does not let the camera wait for that rest", async () => {
    const { loop, frames, advance } = machine(100);
    loop.invalidate("scene");
    await advance(150);
    loop.invalidate("scene");
    await advance(10);
    expect(frames).toHaveLength(1);
    loop.invalidate("camera");
    await advance(20);
    expect(frames).toHaveLength(2);
    await advance(5000);
    expect(frames.at(-1)!.scale).toBe(1);
  });

  it("reports a failed frame and can go on", async () => {
    const { loop, frames, errors, advance, fail } = machine(5);
    fail();
    loop.invalidate("scene");
    await advance(100);
    loop.invalidate("scene");
    await advance(100);
    expect(errors).toHaveLength(2);
    expect(frames).toHaveLength(2);
  });

  it("begins no frame after stop", async () => {
    const { loop, frames, advance } = machine(5);
    loop.invalidate("scene");
    await loop.stop();
    await advance(100);
    expect(frames).toHaveLength(0);
  });
});
