import { UserError } from "../core/errors.ts";

/** A folder of files, wherever it is. Paths are relative, with slashes. */
export interface FolderSource {
  /** For messages: its last path segment or what the user called it. */
  readonly name: string;
  has(path: string): Promise<boolean>;
  /** Throws a UserError that names the file when it cannot be read. */
  read(path: string): Promise<Uint8Array>;
  /** A large file without a copy of it in memory, where the source can do that. */
  open?(path: string): Promise<Blob>;
  /** Paths of all files, where the source can tell. */
  list?(): Promise<readonly string[]>;
}

/** A folder behind an address: the embedded model, or a hub's `…/resolve/main`. */
export function fetchFolder(url: string): FolderSource {
  const base = url.endsWith("/") ? url : `${url}/`;
  const request = async (path: string, init?: RequestInit): Promise<Response> => {
    try {
      return await fetch(base + path, init);
    } catch (cause) {
      throw new UserError(`${base + path} could not be reached.`, "Check the connection and the address.", {
        cause,
      });
    }
  };
  const get = async (path: string): Promise<Response> => {
    const response = await request(path);
    if (response.ok) return response;
    throw new UserError(
      `${base + path} answered ${response.status}.`,
      "Check the address of the model folder.",
    );
  };
  return {
    name: base
      .replace(/\/(resolve\/[^/]+\/)?$/, "")
      .split("/")
      .at(-1)!,
    async has(path) {
      const { ok } = await request(path, { method: "HEAD" });
      return ok;
    },
    read: async (path) => new Uint8Array(await (await get(path)).arrayBuffer()),
    open: async (path) => (await get(path)).blob(),
  };
}

/** Text of a file; the caller knows that it exists. */
export const readText = async (source: FolderSource, path: string): Promise<string> =>
  new TextDecoder().decode(await source.read(path));

/** A JSON object. Throws a UserError that names the file when it is none. */
export async function readJson(source: FolderSource, path: string): Promise<Record<string, unknown>> {
  const text = await readText(source, path);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as never;
  } catch {
    // Told below, with the name of the file.
  }
  throw new UserError(`${path} of the model folder is not a JSON object.`, "Download the file again.");
}

/** As `readJson`; undefined when the folder has no such file. */
export const readJsonIfThere = async (
  source: FolderSource,
  path: string,
): Promise<Record<string, unknown> | undefined> =>
  (await source.has(path)) ? readJson(source, path) : undefined;
