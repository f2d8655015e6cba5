/**
 * The origin private file system of a browser. Large files go through synchronous access handles, which a dedicated
 * worker alone may open: they write in place, so that what was written is there after a reload, while the writable
 * streams of the main thread copy a file first and lose everything unless closed.
 */
import { UserError } from "../core/errors.ts";
import { FileBusyError, notStored, StoreFullError } from "./byte-store.ts";
import type { ByteStore, ByteWriter, StoredFile } from "./byte-store.ts";

/** What is asked of `navigator.storage` beyond its directory. In a worker it cannot be asked to keep things. */
export type Quota = Pick<StorageManager, "estimate" | "persisted"> & Partial<Pick<StorageManager, "persist">>;

/** @param root opened anew when first used; e.g. a directory of `navigator.storage.getDirectory()` */
export function opfsStore(root: () => Promise<FileSystemDirectoryHandle>, quota: Quota): ByteStore {
  const folderAt = async (path: string, create = false): Promise<FileSystemDirectoryHandle> => {
    try {
      let folder = await root();
      for (const name of segments(path)) folder = await folder.getDirectoryHandle(name, { create });
      return folder;
    } catch (cause) {
      throw inWords(cause); // a full disk has no room for a folder either
    }
  };
  const fileAt = async (path: string, create = false): Promise<FileSystemFileHandle> => {
    const names = segments(path);
    const folder = await folderAt(names.slice(0, -1).join("/"), create);
    return folder.getFileHandle(names.at(-1)!, { create });
  };
  return {
    async list(folder) {
      const start = await folderAt(folder).catch(orElse(undefined, ...ABSENT));
      const files = start ? await filesBelow(start, "") : [];
      return files.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    async size(path) {
      const file = await fileAt(path).catch(orElse(undefined, ...ABSENT));
      return (await file?.getFile())?.size;
    },
    async open(path) {
      try {
        return await (await fileAt(path)).getFile();
      } catch (cause) {
        throw notStored(path, cause);
      }
    },
    async append(path, at) {
      try {
        const file = await fileAt(path, at === 0);
        const handle = await file.createSyncAccessHandle();
        handle.truncate(at);
        return writerOf(handle, at);
      } catch (cause) {
        throw nameOf(cause) === "NoModificationAllowedError"
          ? new FileBusyError(path, { cause })
          : inWords(cause);
      }
    },
    async write(path, bytes) {
      let stream: FileSystemWritableFileStream | undefined;
      try {
        stream = await (await fileAt(path, true)).createWritable();
        await stream.write(bytes as Uint8Array<ArrayBuffer>);
        await stream.close();
      } catch (cause) {
        await stream?.abort().catch(() => undefined); // what failed first is what to tell
        throw inWords(cause);
      }
    },
    async remove(path) {
      const names = segments(path);
      try {
        const parent = await folderAt(names.slice(0, -1).join("/"));
        await parent.removeEntry(names.at(-1)!, { recursive: true });
      } catch (cause) {
        if (ABSENT.includes(nameOf(cause))) return;
        throw nameOf(cause) === "NoModificationAllowedError" ? new FileBusyError(path, { cause }) : cause;
      }
    },
    async room() {
      const { quota: all, usage = 0 } = await quota.estimate();
      return {
        free: all === undefined ? undefined : Math.max(0, all - usage),
        isPersistent: await quota.persisted(),
      };
    },
    persist: () => (quota.persist ? quota.persist() : quota.persisted()),
  };
}

function writerOf(handle: FileSystemSyncAccessHandle, start: number): ByteWriter {
  let position = start;
  return {
    async write(chunk) {
      try {
        const written = handle.write(chunk as Uint8Array<ArrayBuffer>, { at: position });
        position += written;
        if (written < chunk.length) throw new StoreFullError();
      } catch (cause) {
        throw inWords(cause);
      }
    },

    async close() {
      try {
        handle.flush();
      } catch (cause) {
        throw inWords(cause);
      } finally {
        handle.close();
      }
    },
  };
}

async function filesBelow(folder: FileSystemDirectoryHandle, prefix: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for await (const [name, handle] of folder as unknown as AsyncIterable<[string, FileSystemHandle]>) {
    const path = prefix + name;
    if (handle.kind === "directory")
      files.push(...(await filesBelow(handle as FileSystemDirectoryHandle, `${path}/`)));
    else files.push({ path, bytes: (await (handle as FileSystemFileHandle).getFile()).size });
  }
  return files;
}

const segments = (path: string): string[] => path.split("/").filter(Boolean);

/** The store of this origin's models. In a dedicated worker. */
export function browserStore(folder = "models"): ByteStore {
  if (!("FileSystemFileHandle" in self) || !("createSyncAccessHandle" in FileSystemFileHandle.prototype)) {
    throw new UserError(
      "This browser cannot keep models: it has no file system for pages.",
      "Use Chrome, Edge or Chromium, and not a private window.",
    );
  }
  const root = async (): Promise<FileSystemDirectoryHandle> =>
    (await navigator.storage.getDirectory()).getDirectoryHandle(folder, { create: true });
  return opfsStore(root, navigator.storage);
}

/** A path whose middle is a file is as absent as one that ends nowhere. */
const ABSENT = ["NotFoundError", "TypeMismatchError"];

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

const orElse =
  <T>(value: T, ...names: readonly string[]) =>
  (error: unknown): T => {
    if (names.includes(nameOf(error))) return value;
    throw error;
  };

const inWords = (cause: unknown): unknown =>
  nameOf(cause) === "QuotaExceededError" ? new StoreFullError({}, { cause: cause }) : cause;
