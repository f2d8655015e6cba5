import { expect, it, vi } from "vitest";
import { launchedFiles, type LaunchedFiles } from "./launched.ts";

type Launch = { readonly files: readonly FileSystemHandle[] };

const handle = (name: string, kind: FileSystemHandleKind = "file") =>
  ({ kind, name }) as FileSystemFileHandle;

/** As browsers do: what waits is told at once, the rest when it comes. */
function queueWith(...waiting: Launch[]) {
  let consumer: (launch: Launch) => void;
  return {
    setConsumer(next: (launch: Launch) => void) {
      consumer = next;
      waiting.forEach(next);
    },
    launch: (launch: Launch) => consumer(launch),
  };
}

it("knows the files that the app was started with, and hears of later ones", () => {
  const onLater = vi.fn<(files: LaunchedFiles) => void>();
  const [garden, pond, folder] = [handle("garden.ply"), handle("pond.ply"), handle("garden", "directory")];
  const queue = queueWith({ files: [folder, garden, pond] });
  expect(launchedFiles(onLater, queue)).toEqual([garden, pond]);
  expect(onLater).not.toHaveBeenCalled();
  queue.launch({ files: [] });
  queue.launch({ files: [pond] });
  expect(onLater.mock.calls).toEqual([[[pond]]]);
});

it("knows of none when it was started without, and where there is no such queue", () => {
  expect(launchedFiles(vi.fn(), queueWith({ files: [] }))).toBeUndefined();
  expect(launchedFiles(vi.fn(), undefined)).toBeUndefined();
});
