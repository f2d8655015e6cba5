import { describe, expect, test } from "vitest";
import { createRunLoop, type RunState } from "./run-loop.ts";

const nap = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("run loop", () => {
  test("runs every step in order and finishes", async () => {
    const seen: number[] = [];
    const outcome = await createRunLoop().run(
      async (i) => void seen.push(i),
      () => 4,
    );
    expect(outcome).toBe("finished");
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  test("pause holds between two steps, resume goes on with the next", async () => {
    const states: RunState[] = [];
    const loop = createRunLoop((state) => states.push(state));
    const seen: number[] = [];
    const run = loop.run(
      async (i) => {
        seen.push(i);
        if (i === 1) loop.pause();
      },
      () => 4,
    );
    await nap();
    await nap();
    expect(seen).toEqual([0, 1]);
    expect(loop.state).toBe("paused");
    loop.resume();
    expect(await run).toBe("finished");
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(states).toEqual(["running", "paused", "running", "ended"]);
  });

  test("fewer steps than were taken, asked for in a pause, end it at resume", async () => {
    const loop = createRunLoop();
    const seen: number[] = [];
    let steps = 4;
    const run = loop.run(
      async (i) => {
        seen.push(i);
        if (i === 1) loop.pause();
      },
      () => steps,
    );
    await nap();
    steps = 1;
    loop.resume();
    expect(await run).toBe("finished");
    expect(seen).toEqual([0, 1]);
  });

  test.each(["stop", "cancel"] as const)("%s ends a running and a paused run", async (request) => {
    for (const pauseFirst of [false, true]) {
      const loop = createRunLoop();
      let steps = 0;
      const run = loop.run(
        async () => {
          steps++;
          if (pauseFirst) loop.pause();
          await nap();
        },
        () => 1000,
      );
      await nap();
      loop[request]();
      expect(await run).toBe(request === "stop" ? "stopped" : "cancelled");
      expect(steps).toBeLessThan(10);
      expect(loop.state).toBe("ended");
    }
  });

  test.each([
    ["stop", "stopped"],
    ["cancel", "cancelled"],
  ] as const)("%s before the first step leaves everything as it is", async (request, outcome) => {
    const loop = createRunLoop();
    loop[request]();
    let steps = 0;
    const run = loop.run(
      async () => void steps++,
      () => 5,
    );
    expect(await run).toBe(outcome);
    expect(steps).toBe(0);
  });

  test("pause before the first step holds there", async () => {
    const loop = createRunLoop();
    loop.pause();
    let steps = 0;
    const run = loop.run(
      async () => void steps++,
      () => 2,
    );
    await nap();
    expect(steps).toBe(0);
    loop.resume();
    expect(await run).toBe("finished");
  });

  test("a cancel during the last step still cancels", async () => {
    const loop = createRunLoop();
    const outcome = await loop.run(
      async () => loop.cancel(),
      () => 1,
    );
    expect(outcome).toBe("cancelled");
  });

  test("a failing step rejects the run and ends it", async () => {
    const loop = createRunLoop();
    await expect(
      loop.run(
        async () => {
          throw new Error("boom");
        },
        () => 3,
      ),
    ).rejects.toThrow("boom");
    expect(loop.state).toBe("ended");
  });

  test("requests after the end are ignored", async () => {
    const loop = createRunLoop();
    await loop.run(
      async () => {},
      () => 1,
    );
    loop.pause();
    loop.cancel();
    expect(loop.state).toBe("ended");
  });

  test("the number of steps may change during the run", async () => {
    let total = 10;
    const seen: number[] = [];
    await createRunLoop().run(
      async (i) => {
        seen.push(i);
        if (i === 2) total = 4;
      },
      () => total,
    );
    expect(seen).toEqual([0, 1, 2, 3]);
  });
});
