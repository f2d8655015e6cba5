import { expect, it, vi } from "vitest";
import { openLaunched } from "./launched.ts";
import type { Session } from "./session.ts";

it("opens the file that the app was started with, and nothing when it was started without one", () => {
  const openRecent = vi.fn<Session["openRecent"]>();
  let launch: (with_: { readonly files: readonly FileSystemHandle[] }) => void = () => {};
  openLaunched({ openRecent } as unknown as Session, { setConsumer: (consumer) => (launch = consumer) });
  launch({ files: [] });
  expect(openRecent).not.toHaveBeenCalled();
  const handle = { kind: "file", name: "garden.ply" } as FileSystemFileHandle;
  launch({ files: [handle] });
  expect(openRecent).toHaveBeenCalledWith({ kind: "file", name: "garden.ply", handle });
});
