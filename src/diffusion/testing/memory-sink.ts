import type { FolderSink } from "../quantize-folder.ts";

interface Written {
  readonly sink: FolderSink;
  readonly files: Record<string, Uint8Array>;
}

/** A folder to write to in memory. Files appear when they are closed, as on a disk. */
export function memorySink(files: Record<string, Uint8Array> = {}): Written {
  return {
    files,
    sink: {
      has: async (path) => path in files,
      async create(path) {
        const parts: Uint8Array<ArrayBuffer>[] = [];
        return {
          write: async (bytes) => void parts.push(bytes.slice()),
          close: async () => {
            files[path] = new Uint8Array(await new Blob(parts).arrayBuffer());
          },
          abort: async () => undefined,
        };
      },
    },
  };
}
