import { constants } from "node:buffer";
import { access, constants as modes, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "../core/errors.ts";
import { bytesInWords } from "../formats/words.ts";

const READ_BYTES = 64 << 20;

/** What Node's error codes mean, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  ENOSPC: "the disk is full",
  EROFS: "the disk is read-only",
  EMFILE: "too many files are open",
};

/** An error of the file system in words. */
export function failure(doing: string, path: string, cause: unknown): UserError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new UserError(`Cannot ${doing} “${path}”: ${reason}.`, "Check the path.", { cause });
}

/** A whole file, also beyond the 2 GiB that `readFile` takes. Throws a UserError. */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > constants.MAX_LENGTH) {
        throw new Error(`${bytesInWords(size)} are more than Node can hold in memory`);
      }
      const bytes = new Uint8Array(size);
      let at = 0;
      while (at < size) {
        const { bytesRead } = await file.read(bytes, at, Math.min(READ_BYTES, size - at), at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return at === size ? bytes : bytes.slice(0, at);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw failure("read", path, cause);
  }
}

/** Fails early if a file could not be written later. Makes its folder. Throws a UserError. */
export async function checkWritable(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await access(dirname(path), modes.W_OK);
    const existing = await stat(path).catch(() => undefined);
    if (existing?.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  } catch (cause) {
    throw failure("write", path, cause);
  }
}

/** Writes under another name first, so that a full disk or a crash never leaves half a file. Throws a UserError. */
export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, "w");
    try {
      for (let at = 0; at < bytes.length; at += READ_BYTES) {
        await file.write(bytes.subarray(at, at + READ_BYTES));
      }
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {}); // what failed first is what to tell
    throw failure("write", path, cause);
  }
}

export const writeText = (path: string, text: string): Promise<void> =>
  writeBytes(path, new TextEncoder().encode(text));
