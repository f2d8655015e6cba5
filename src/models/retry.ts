import { ConnectionError, StatusError } from "./net.ts";

/** How often, and after how long, a download is tried again by itself before it pauses. */
export interface Patience {
  /** Milliseconds before each new attempt; after the last the error is told. Any byte that arrives starts it anew. */
  readonly delays: readonly number[];
  /** Milliseconds without a byte after which a connection counts as dead. */
  readonly stall: number;
}

export const PATIENCE: Patience = { delays: [1_000, 2_000, 4_000, 8_000, 16_000], stall: 60_000 };
/** What a server may ask for at most before the user is told instead. */
const LONGEST_WAIT = 60_000;
/** Many clients cut off at one moment shall not come back at one moment. */
const JITTER = 0.25;

/** Milliseconds to wait before the next attempt; undefined when another would not help. */
export function delayAfter(
  error: unknown,
  attempt: number,
  { delays }: Patience,
  random = Math.random,
): number | undefined {
  const planned = delays[attempt];
  if (planned === undefined) return undefined;
  if (error instanceof ConnectionError) return planned * (1 + JITTER * random());
  if (!(error instanceof StatusError) || !error.isPassing) return undefined;
  const asked = (error.retryAfter ?? 0) * 1000;
  return asked > LONGEST_WAIT ? undefined : Math.max(asked, planned * (1 + JITTER * random()));
}

/** Rejects with the signal's reason when it is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/**
 * A signal that is aborted by another, or when `alive` was not called for a while; `end` stops the watch. A stall
 * aborts with a ConnectionError.
 */
export function watchdog(signal: AbortSignal, ms: number, url: string) {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const follow = (): void => controller.abort(signal.reason);
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () =>
        controller.abort(new ConnectionError(`${url} sent nothing for ${Math.round(ms / 1000)} seconds.`)),
      ms,
    );
  };
  const end = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", follow);
  };
  if (signal.aborted) follow();
  signal.addEventListener("abort", follow, { once: true });
  alive();
  return { signal: controller.signal, alive, end };
}
