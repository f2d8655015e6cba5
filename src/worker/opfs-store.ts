import type { ByteStore } from "../document/recovery/byte-store.ts";

/**
 * A folder of the origin's private file system. Rejects where the browser offers none, as some do in private windows.
 * A file is written aside and put in its place when it is closed, so one that is interrupted stays as it was.
 */
export async function openOpfsStore(folder: string): Promise<ByteStore> {
  const origin = await navigator.storage.getDirectory();
  const root = await origin.getDirectoryHandle(folder, { create: true });

  /** The folder and the name of a path; undefined where the folder is not there. */
  const locate = async (path: string, create: boolean) => {
    const parts = path.split("/");
    const name = parts.pop()!;
    let directory = root;
    for (const part of parts) directory = await directory.getDirectoryHandle(part, { create });
    return { directory, name };
  };
  const ifThere = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotFoundError") return undefined;
      throw error;
    }
  };

  const filesBelow = async (directory: FileSystemDirectoryHandle, prefix: string): Promise<string[]> => {
    const paths: string[] = [];
    for await (const [name, handle] of directory.entries()) {
      const path = `${prefix}${name}`;
      if (handle.kind === "file") paths.push(path);
      else paths.push(...(await filesBelow(handle as FileSystemDirectoryHandle, `${path}/`)));
    }
    return paths;
  };

  return {
    list: async (prefix) => (await filesBelow(root, "")).filter((path) => path.startsWith(prefix)),
    read: (path) =>
      ifThere(async () => {
        const { directory, name } = await locate(path, false);
        const file = await (await directory.getFileHandle(name)).getFile();
        return new Uint8Array(await file.arrayBuffer());
      }),
    async write(path, bytes) {
      const { directory, name } = await locate(path, true);
      const file = await directory.getFileHandle(name, { create: true });
      const stream = await file.createWritable();
      try {
        await stream.write(bytes as Uint8Array<ArrayBuffer>);
        await stream.close();
      } catch (error) {
        await stream.abort().catch(() => undefined);
        throw error;
      }
    },
    async remove(path) {
      await ifThere(async () => {
        const { directory, name } = await locate(path, false);
        await directory.removeEntry(name);
      });
    },
  };
}
