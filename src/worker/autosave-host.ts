import { memoryStore, type ByteStore } from "../document/recovery/byte-store.ts";
import type { Snapshot } from "../document/recovery/journal.ts";
import { openOpfsStore } from "./opfs-store.ts";
import type { LogLine } from "./protocol.ts";
import { createRecovery, type Recovery } from "./recovery.ts";
import { webLocks } from "./tab-locks.ts";

/** Of the origin's private file system. */
const FOLDER = "recovery";

/** Recovery on this browser's disk. Where it offers none, nothing outlives the tab, and the log says so. */
export async function startRecovery(
  snapshot: () => Promise<Snapshot | undefined>,
  log: (line: LogLine) => void,
): Promise<Recovery> {
  const store = await openOpfsStore(FOLDER).catch((error: unknown): ByteStore => {
    const text = `Unsaved work will not survive a crash: this window has no storage (${String(error)}).`;
    log({ level: "warning", text });
    return memoryStore();
  });
  return createRecovery({
    ...{ store, snapshot },
    locks: webLocks,
    onError(error) {
      const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
      const why = isFull ? "the browser's storage is full" : String(error);
      const advice = isFull
        ? " Or make room: delete models under File, Models…, or files from the disk."
        : "";
      log({
        level: "warning",
        text: `The scene is not kept safe from a crash: ${why}. Export it to a file.${advice}`,
      });
    },
    onRecovered: () => log({ level: "info", text: "The scene is kept safe from a crash again." }),
  });
}

let releaseScene: (() => void) | undefined;

/** Notes that this tab has a file open. Returns whether another one is known to have the very same. */
export async function isOpenElsewhere(bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  releaseScene?.();
  if (!isSecureContext) return false; // neither digests nor locks there
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const name = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  releaseScene = await webLocks.hold(`splatsmith/scene/${name}`);
  return releaseScene === undefined;
}
