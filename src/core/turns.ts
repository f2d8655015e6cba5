/**
 * Runs pieces of asynchronous work one after the other, in the order they were asked for. One that fails rejects its
 * own promise and holds nobody up.
 */
export function createTurns(): <T>(work: () => Promise<T> | T) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
