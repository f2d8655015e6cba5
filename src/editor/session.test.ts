import { describe, expect, it, vi } from "vitest";
import { UserError } from "../core/errors.ts";
import { sessionTests } from "./testing/session.ts";

describe("a session", () => {
  const { begin, engine, logged, requestsOf, session, state } = sessionTests();

  it("says why there is no engine, and brings it up when asked again", async () => {
    let works = false;
    await begin({
      start: () => {
        if (works) return { adapter: "test", isSoftware: true, hasThreads: false };
        throw new UserError("This browser has no WebGPU.", "Use Chrome.");
      },
    });
    expect(state().machine).toEqual({
      status: "failed",
      problem: { message: "This browser has no WebGPU.", hint: "Use Chrome." },
    });
    works = true;
    await session().restart();
    expect(state()).toMatchObject({ machine: { status: "ready" }, demo: "apple" });
  });

  it("runs an edit, sends on what can change meanwhile, and logs it once", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let finish = (): void => {};
    await begin({
      edit: () =>
        new Promise((resolve) => (finish = () => resolve({ outcome: "finished", steps: 5, seconds: 2 }))),
    });
    const run = session().edit();
    expect(state().runState).toBe("running");
    for (const wp of [8, 9, 10]) session().fill({ params: { ...state().form.params, wp } });
    await vi.waitFor(() => expect(requestsOf("change")).toHaveLength(3));
    expect(requestsOf("change").at(-1)).toMatchObject({ change: { params: { wp: 10 } } });
    vi.advanceTimersByTime(1000);
    expect(logged().filter((text) => text.includes("Cross-prompt"))).toEqual([
      "Cross-prompt 10 from step 1.",
    ]);
    finish();
    await run;
    vi.useRealTimers();
    expect(state().runState).toBe("ended");
    expect(logged()).toContain("Edit finished after 5 steps in 2.0 s.");
    expect(requestsOf("edit")).toMatchObject([{ settings: { target: "a blue apple" } }]);
  });

  it("takes out of the form what a run refuses, and says why", async () => {
    let finish = (): void => {};
    await begin({
      edit: () =>
        new Promise((resolve) => (finish = () => resolve({ outcome: "finished", steps: 5, seconds: 2 }))),
      change: ({ change }) => {
        if (change.size) throw new UserError("Views of 64 pixels do not fit.", "Choose fewer.");
      },
    });
    const run = session().edit();
    const { size } = state().form;
    session().fill({ size: 64, viewsPerStep: 2 });
    session().fill({ viewsPerStep: 3 });
    await vi.waitFor(() => expect(state().problem?.message).toBe("Views of 64 pixels do not fit."));
    expect(state().form).toMatchObject({ size, viewsPerStep: 3 });
    finish();
    await run;
  });

  it("shows what broke a run and can start another", async () => {
    await begin({
      edit: () => {
        throw new UserError("Both descriptions are the same.", "Change the words.");
      },
    });
    await session().edit();
    expect(state()).toMatchObject({
      runState: "ended",
      problem: { message: "Both descriptions are the same.", hint: "Change the words." },
    });
  });

  it("follows the history", async () => {
    await begin();
    await session().undo();
    expect(state().history).toEqual({ redo: "a blue apple" });
    await session().redo();
    expect(state().history).toEqual({ undo: "a blue apple" });
  });

  it("brings the engine back after the device was lost, with scene and words as they were", async () => {
    await begin();
    session().fill({ target: "a golden apple" });
    engine().server.emit("lost", { message: "The GPU was lost." });
    await vi.waitFor(() => expect(requestsOf("loadModel")).toHaveLength(2));
    await vi.waitFor(() => expect(state().model.status).toBe("ready"));
    expect(requestsOf("start")).toHaveLength(2);
    expect(requestsOf("openScene")).toHaveLength(1);
    expect(state()).toMatchObject({ scene: { name: "apple.ply" }, form: { target: "a golden apple" } });
    expect(logged()).toContain("The GPU was lost.");
    await vi.waitFor(() => expect(logged().at(-1)).toContain("The GPU is back"));
  });

  it("leaves a GPU alone that goes as soon as it is there, until it is told to try again", async () => {
    await begin();
    for (let i = 0; i < 4; i++) engine().server.emit("lost", { message: "The GPU was lost." });
    await vi.waitFor(() => expect(state().machine.status).toBe("failed"));
    expect(requestsOf("start")).toHaveLength(4);
    await session().restart();
    expect(state()).toMatchObject({ machine: { status: "ready" }, scene: { name: "apple.ply" } });
    for (let i = 0; i < 8; i++) {
      engine().server.emit("lost", { message: "The GPU was lost." });
      engine().server.emit("view", { isSettled: true });
    }
    await vi.waitFor(() => expect(requestsOf("start")).toHaveLength(13));
    expect(state().machine.status).toBe("ready");
  });

  it("says what a lost GPU has left of an edit", async () => {
    await begin({ edit: () => ({ outcome: "lost", steps: 7, seconds: 1 }) });
    await session().edit();
    expect(state().problem?.message).toBe("The GPU was lost during the edit; 7 steps of it are kept.");
  });

  it("shows what goes wrong outside of any call", async () => {
    await begin();
    engine().server.emit("problem", { message: "No memory.", hint: "Make room." });
    await vi.waitFor(() => expect(state().problem).toEqual({ message: "No memory.", hint: "Make room." }));
  });
});
