/** https://wicg.github.io/web-app-launch; TypeScript does not have it yet. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files: readonly FileSystemHandle[] }) => void): void;
}

export type LaunchedFiles = readonly [FileSystemFileHandle, ...FileSystemFileHandle[]];

/**
 * The files that the installed app was started with, which the browser tells at once; undefined if there are none.
 * `onLater` hears of those that this window is given from then on.
 */
export function launchedFiles(
  onLater: (files: LaunchedFiles) => void,
  queue: LaunchQueue | undefined = launchQueue(),
): LaunchedFiles | undefined {
  let first: LaunchedFiles | undefined;
  let take = (files: LaunchedFiles): void => void (first = files);
  queue?.setConsumer(({ files }) => {
    const [file, ...others] = files.filter((each): each is FileSystemFileHandle => each.kind === "file");
    if (file) take([file, ...others]);
  });
  take = onLater;
  return first;
}

const launchQueue = (): LaunchQueue | undefined =>
  (globalThis as { readonly launchQueue?: LaunchQueue }).launchQueue;
