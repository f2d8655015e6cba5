/**
 * The life of a run: start, pause, resume, stop and keep, cancel. It knows nothing of splats; the job gives it a step
 * to repeat. A request takes effect between two steps, so a step is never torn; a cancelled one may also give up by
 * itself, as nothing of it is kept.
 */

export type RunState = "ready" | "running" | "paused" | "stopping" | "cancelling" | "ended";
export type RunOutcome = "finished" | "stopped" | "cancelled";

export interface RunLoop {
  readonly state: RunState;
  /** Aborted by `cancel`. */
  readonly signal: AbortSignal;
  /** Repeats `step(i)` for i = 0 … steps() − 1. Rejects with whatever a step throws. May be called once. */
  run(step: (index: number) => Promise<void>, steps: () => number): Promise<RunOutcome>;
  pause(): void;
  resume(): void;
  stop(): void;
  cancel(): void;
}

/** What each request turns a state into; a missing entry means that the request has no effect there. */
const TRANSITIONS = {
  pause: { ready: "paused", running: "paused" },
  resume: { paused: "running" },
  stop: { ready: "stopping", running: "stopping", paused: "stopping" },
  cancel: { ready: "cancelling", running: "cancelling", paused: "cancelling", stopping: "cancelling" },
} as const satisfies Record<string, Partial<Record<RunState, RunState>>>;

export function createRunLoop(onState: (state: RunState) => void = () => {}): RunLoop {
  let state: RunState = "ready";
  let wake: (() => void) | undefined;
  const cancelled = new AbortController();

  const enter = (next: RunState): void => {
    state = next;
    wake?.();
    onState(next);
  };
  const request = (name: keyof typeof TRANSITIONS): void => {
    const next = (TRANSITIONS[name] as Partial<Record<RunState, RunState>>)[state];
    if (next) enter(next);
  };
  const current = (): RunState => state; // a fresh read: requests arrive while we await

  return {
    get state() {
      return state;
    },
    signal: cancelled.signal,
    async run(step, steps) {
      if (current() === "ready") enter("running");
      try {
        for (let index = 0; index < steps(); index++) {
          while (current() === "paused") await new Promise<void>((resolve) => (wake = resolve));
          if (current() === "cancelling") return "cancelled";
          if (current() === "stopping") return "stopped";
          if (index >= steps()) break; // fewer were asked for in the pause
          await step(index);
        }
        return current() === "cancelling" ? "cancelled" : "finished";
      } finally {
        enter("ended");
      }
    },
    pause: () => request("pause"),
    resume: () => request("resume"),
    stop: () => request("stop"),
    cancel() {
      request("cancel");
      if (current() === "cancelling") cancelled.abort();
    },
  };
}
