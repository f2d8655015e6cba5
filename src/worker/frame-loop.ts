/**
 * When to draw: only after something changed, the latest state wins, and a slow adapter gets fewer pixels while the
 * camera moves. It draws nothing itself and asks its host for time, so it can be tested without either.
 */
export interface FrameLoopHost {
  /** Draws the current state at `scale` of the canvas' resolution; resolves when the GPU is done with it. */
  draw(scale: number): Promise<void>;
  /** Milliseconds. */
  now(): number;
  nextFrame(callback: () => void): void;
  later(callback: () => void, ms: number): void;
  onError(error: unknown): void;
  /** Whether the picture shows the latest state at full resolution; told when it changes. */
  onSettled?(isSettled: boolean): void;
  onDrawn?(frame: DrawnFrame): void;
}

export interface DrawnFrame {
  /** From the beginning until the GPU was done with it. */
  readonly ms: number;
  /** Of the canvas' resolution. */
  readonly scale: number;
}

export type FrameReason = "camera" | "scene" | "size";

export interface FrameLoop {
  invalidate(reason: FrameReason): void;
  /** No frame is begun after this; the one under way is awaited. */
  stop(): Promise<void>;
}

/** Resolutions a moving picture may have. Few, since each change reallocates the rasterizer's images. */
const SCALES = [1, 1 / 2, 1 / 3, 1 / 4, 1 / 6];
/** A moving picture should take no longer than this. */
const TARGET_MS = 40;
/** The camera rests when it has not moved for so long; then the picture becomes sharp. */
const SETTLE_MS = 140;
/** After a frame that only shows progress, rest this many times as long as it took: the run needs the GPU more. */
const REST = 4;

export function createFrameLoop(host: FrameLoopHost): FrameLoop {
  let dirty = false;
  let pending: "rest" | "frame" | undefined;
  let drawing: Promise<void> | undefined;
  let stopped = false;
  let movedAt = -Infinity;
  let restUntil = -Infinity;
  let fullFrameMs = 0; // estimated cost at scale 1
  let settled = false;

  const setSettled = (isSettled: boolean): void => {
    if (isSettled === settled) return;
    settled = isSettled;
    host.onSettled?.(settled);
  };

  const isMoving = (): boolean => host.now() - movedAt < SETTLE_MS;

  const schedule = (): void => {
    if (stopped || drawing || !dirty || pending === "frame") return;
    const rest = isMoving() ? 0 : restUntil - host.now();
    if (rest <= 0) {
      pending = "frame";
      host.nextFrame(begin);
    } else if (!pending) {
      pending = "rest";
      host.later(() => {
        if (pending !== "rest") return; // the camera moved meanwhile and did not wait
        pending = undefined;
        schedule();
      }, rest);
    }
  };

  const begin = (): void => {
    pending = undefined;
    if (stopped) return;
    drawing = frame().finally(() => {
      drawing = undefined;
      schedule();
    });
  };

  const frame = async (): Promise<void> => {
    dirty = false;
    const scale = isMoving() ? movingScale(fullFrameMs) : 1;
    const start = host.now();
    try {
      await host.draw(scale);
    } catch (error) {
      host.onError(error);
      return;
    }
    const elapsed = host.now() - start;
    const estimate = elapsed / scale ** 2;
    fullFrameMs = fullFrameMs === 0 ? estimate : fullFrameMs + 0.3 * (estimate - fullFrameMs);
    restUntil = host.now() + REST * elapsed;
    host.onDrawn?.({ ms: elapsed, scale });
    if (scale < 1) sharpen();
    else if (!dirty) setSettled(true);
  };

  /** Draws again at full resolution once the camera rests. */
  const sharpen = (): void => {
    host.later(
      () => {
        if (isMoving()) return sharpen();
        restUntil = -Infinity;
        dirty = true;
        schedule();
      },
      Math.max(1, movedAt + SETTLE_MS - host.now()),
    );
  };

  return {
    invalidate(reason) {
      dirty = true;
      setSettled(false);
      if (reason === "camera") movedAt = host.now();
      if (reason === "size") restUntil = -Infinity;
      schedule();
    },
    async stop() {
      stopped = true;
      await drawing;
    },
  };
}

function movingScale(fullFrameMs: number): number {
  return SCALES.find((scale) => fullFrameMs * scale ** 2 <= TARGET_MS) ?? SCALES[SCALES.length - 1]!;
}
