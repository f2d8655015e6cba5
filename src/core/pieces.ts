import { pause } from "./pause.ts";

/** Long work in short pieces. What it yields after each is the share that is done, from 0 to 1. */
export type InPieces<T> = Generator<number, T, void>;

/** Does all of it at once. */
export function atOnce<T>(work: InPieces<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** How long nobody else has a turn, milliseconds. */
const SLICE = 40;

export interface TurnsOptions {
  readonly signal?: AbortSignal;
  readonly onShare?: (share: number) => void;
}

/** Does it with a turn for everybody else now and then. Rejects with the reason of a signal that ends it. */
export async function byTurns<T>(
  work: InPieces<T>,
  { signal, onShare = () => {} }: TurnsOptions = {},
): Promise<T> {
  let since = performance.now();
  for (;;) {
    signal?.throwIfAborted();
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - since < SLICE) continue;
    onShare(value);
    await pause();
    since = performance.now();
  }
}

/** The same work as the part of a longer one between two shares of that. */
export function* asPart<T>(work: InPieces<T>, from: number, to: number): InPieces<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    yield from + value * (to - from);
  }
}
