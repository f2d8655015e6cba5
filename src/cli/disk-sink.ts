import { access, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { FolderSink } from "../diffusion/quantize-folder.ts";
import { failure } from "./files.ts";

/** A folder on disk. Files are written under another name first, so that none is ever there by half. */
export function diskSink(folder: string): FolderSink {
  return {
    has: (path) =>
      access(join(folder, path)).then(
        () => true,
        () => false,
      ),
    async create(path) {
      const target = join(folder, path);
      const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
      const telling = <T>(work: Promise<T>): Promise<T> =>
        work.catch((cause: unknown) => {
          throw failure("write", target, cause);
        });
      await telling(mkdir(dirname(target), { recursive: true }));
      const file = await telling(open(temporary, "w"));
      return {
        async write(bytes) {
          for (let at = 0; at < bytes.byteLength;) {
            at += (await telling(file.write(bytes, at))).bytesWritten;
          }
        },
        async close() {
          await file.close();
          await telling(rename(temporary, target));
        },
        async abort() {
          await file.close();
          await rm(temporary, { force: true });
        },
      };
    },
  };
}
