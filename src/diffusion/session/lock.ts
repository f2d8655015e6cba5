import { createTurns } from "../../core/turns.ts";

/**
 * ONNX Runtime's web build corrupts its memory or hangs when two sessions create, run or release at once, so all of
 * them pass through this one lock.
 */
export const exclusive = createTurns();
