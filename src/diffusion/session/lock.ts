let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` when everything handed in before has settled. ONNX Runtime's web build corrupts its memory or hangs
 * when two sessions create, run or release at once, so all of them pass through this one lock.
 */
export function exclusive<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => undefined);
  return result;
}
