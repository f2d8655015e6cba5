import { byTurns } from "../core/pieces.ts";
import { readingScene } from "../formats/index.ts";
import type { SceneDocument } from "../scene/document.ts";

/** Reads scene files while the engine goes on drawing and answering. */
export interface Reading {
  /** Ends with what `stop` ends. */
  readonly signal: AbortSignal;
  /** Rejects with a UserError for a file that cannot be read, with an AbortError once `stop` is called. */
  read(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<SceneDocument>;
  /** Gives up whatever is being read. */
  stop(): void;
}

/** @param onShare hears how far a file is, from 0 to 1, if it takes long enough to ask */
export function createReading(onShare: (share: number) => void): Reading {
  let abort = new AbortController();
  return {
    get signal() {
      return abort.signal;
    },
    read: (bytes, name) => byTurns(readingScene(bytes, name), { signal: abort.signal, onShare }),
    stop() {
      abort.abort();
      abort = new AbortController();
    },
  };
}
