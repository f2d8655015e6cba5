/**
 * Runs the latest of what is asked for, one at a time: of those that come while one is under way, only the last counts.
 * For sliders that ask faster than the engine answers.
 */
export function createLatest<T>(work: (request: T) => Promise<unknown>): (request: T) => void {
  let waiting: { readonly request: T } | undefined;
  let isBusy = false;
  const next = async (): Promise<void> => {
    isBusy = true;
    while (waiting) {
      const { request } = waiting;
      waiting = undefined;
      await work(request).catch(() => undefined);
    }
    isBusy = false;
  };
  return (request) => {
    waiting = { request };
    if (!isBusy) void next();
  };
}
