/** A folder on disk. */
import { mkdir, open, readdir, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { UserError } from "../core/errors.ts";
import { openBlob } from "../diffusion/folder-source.node.ts";
import { FileBusyError, notStored, StoreFullError } from "./byte-store.ts";
import type { ByteStore, ByteWriter } from "./byte-store.ts";

export function diskStore(root: string): ByteStore {
  const writing = new Set<string>();
  const at = (path: string): string => join(root, path);
  return {
    async list(folder) {
      const start = at(folder);
      const entries = await readdir(start, { recursive: true, withFileTypes: true }).catch(
        orElse([], "ENOENT"),
      );
      const files = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      const sized = files.map(async (file) => ({
        path: relative(start, file).replaceAll("\\", "/"),
        bytes: (await stat(file)).size,
      }));
      return (await Promise.all(sized)).sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    size: (path) =>
      stat(at(path)).then(
        (entry) => (entry.isFile() ? entry.size : undefined),
        orElse(undefined, "ENOENT", "ENOTDIR"),
      ),
    async open(path) {
      try {
        return await openBlob(at(path));
      } catch (cause) {
        throw cause instanceof UserError ? cause : notStored(path, cause);
      }
    },
    async append(path, position) {
      if (writing.has(path)) throw new FileBusyError(path);
      writing.add(path);
      try {
        await mkdir(dirname(at(path)), { recursive: true });
        const file = await open(at(path), "r+").catch(async (cause: unknown) => {
          if (position === 0 && codeOf(cause) === "ENOENT") return open(at(path), "w+");
          throw cause;
        });
        if ((await file.stat()).size !== position) await file.truncate(position);
        return writerOf(file, position, () => writing.delete(path));
      } catch (cause) {
        writing.delete(path);
        throw inWords(cause);
      }
    },
    async write(path, bytes) {
      const temporary = `${at(path)}.${process.pid}.new`;
      try {
        await mkdir(dirname(temporary), { recursive: true });
        await writeFile(temporary, bytes, { flush: true });
        await rename(temporary, at(path));
      } catch (cause) {
        await rm(temporary, { force: true }).catch(() => undefined); // what failed first is what to tell
        throw inWords(cause);
      }
    },
    remove: (path) => rm(at(path), { recursive: true, force: true }),
    async room() {
      const { bavail, bsize } = await statfs(await firstThatIs(resolve(root)));
      return { free: bavail * bsize, isPersistent: true };
    },
    persist: () => Promise.resolve(true),
  };
}

function writerOf(file: FileHandle, start: number, release: () => void): ByteWriter {
  let position = start;
  return {
    async write(chunk) {
      for (let done = 0; done < chunk.length;) {
        const { bytesWritten } = await file
          .write(chunk, done, chunk.length - done, position)
          .catch((cause: unknown) => Promise.reject(inWords(cause)));
        done += bytesWritten;
        position += bytesWritten;
      }
    },
    async close() {
      try {
        await file.datasync();
      } catch (cause) {
        throw inWords(cause);
      } finally {
        await file.close();
        release();
      }
    },
  };
}

/** The folder itself, or the nearest above it that there is: the disk it will be on. */
async function firstThatIs(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : firstThatIs(dirname(folder));
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;

const orElse =
  <T>(value: T, ...codes: readonly string[]) =>
  (error: unknown): T => {
    if (codes.includes(codeOf(error) as string)) return value;
    throw error;
  };

const inWords = (cause: unknown): unknown =>
  ["ENOSPC", "EDQUOT"].includes(codeOf(cause) as string) ? new StoreFullError({}, { cause }) : cause;
