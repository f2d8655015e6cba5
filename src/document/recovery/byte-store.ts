/** Where recovery data lies: files by path, folders by the slashes in it. */
export interface ByteStore {
  /** Paths of all files below a folder. */
  list(folder: string): Promise<readonly string[]>;
  read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** All or nothing: a file that is interrupted while it is written stays as it was. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
}

/** In memory, for Node and for browsers that offer nothing better. */
export function memoryStore(files = new Map<string, Uint8Array<ArrayBuffer>>()): ByteStore {
  return {
    list: async (folder) => [...files.keys()].filter((path) => path.startsWith(folder)),
    read: async (path) => files.get(path)?.slice(),
    write: async (path, bytes) => void files.set(path, bytes.slice()),
    remove: async (path) => void files.delete(path),
  };
}
