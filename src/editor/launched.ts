import type { Session } from "./session.ts";

/** https://wicg.github.io/web-app-launch; TypeScript does not have it yet. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files: readonly FileSystemHandle[] }) => void): void;
}

/** Opens the file that the installed app was started with, as if it had been dropped. */
export function openLaunched({ openRecent }: Session, queue: LaunchQueue | undefined = launchQueue()): void {
  queue?.setConsumer(({ files: [file] }) => {
    if (file?.kind === "file") {
      void openRecent({ kind: "file", name: file.name, handle: file as FileSystemFileHandle });
    }
  });
}

const launchQueue = (): LaunchQueue | undefined =>
  (globalThis as { readonly launchQueue?: LaunchQueue }).launchQueue;
