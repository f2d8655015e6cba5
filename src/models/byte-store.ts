import { UserError } from "../core/errors.ts";
import { bytesInWords } from "../formats/words.ts";

/** A file that a store holds. */
export interface StoredFile {
  /** Relative to the folder that was listed. */
  readonly path: string;
  readonly bytes: number;
}

/** Writes at the end of one file. What was written stays, whatever happens after. */
export interface ByteWriter {
  /** Resolves when the bytes are handed over. Throws a StoreFullError when there is no room for them. */
  write(chunk: Uint8Array): Promise<void>;
  /** Forces all onto the disk and lets go of the file. */
  close(): Promise<void>;
}

export interface Room {
  /** Bytes that can still be stored; undefined where nobody tells. */
  readonly free: number | undefined;
  /** Whether what is stored stays until the user deletes it; a browser may otherwise drop it when the disk runs low. */
  readonly isPersistent: boolean;
}

/**
 * Files by path (with slashes), as large as the disk allows, none ever wholly in memory. Two implementations: the
 * origin private file system of a browser, and a folder on disk.
 */
export interface ByteStore {
  /** All files below a folder, sorted by path; none when it is not there. "" is the whole store. */
  list(folder: string): Promise<readonly StoredFile[]>;
  /** Bytes of a file; undefined when there is none. */
  size(path: string): Promise<number | undefined>;
  /** A file without a copy of it in memory. Throws a UserError when it is not there. */
  open(path: string): Promise<Blob>;
  /**
   * Opens a file for writing from byte `at` on, which is no more than it has; what it had beyond is dropped. Makes the
   * file when `at` is 0. Throws a FileBusyError while another writer is open.
   */
  append(path: string, at: number): Promise<ByteWriter>;
  /** Writes a small file: after a crash it is as before or as wanted, nothing in between. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Deletes a file, or a folder with all in it. Nothing there is fine. */
  remove(path: string): Promise<void>;
  room(): Promise<Room>;
  /** Asks for storage that is not dropped when the disk runs low; whether it was granted. */
  persist(): Promise<boolean>;
}

/** There is no room for what was to be written; what was written before is kept. */
export class StoreFullError extends UserError {
  constructor({ needed, free }: { needed?: number; free?: number | undefined } = {}, options?: ErrorOptions) {
    const facts = [
      needed === undefined ? undefined : `${bytesInWords(needed)} are needed`,
      free === undefined ? undefined : `${bytesInWords(free)} are free`,
    ].filter(Boolean);
    super(
      `There is not enough room on the disk${facts.length ? `: ${facts.join(" and ")}` : ""}.`,
      "Delete models that are no longer used, or free some disk space, and go on: what was loaded is kept.",
      options,
    );
    this.name = "StoreFullError";
  }
}

/** Somebody else is writing the file, e.g. a download in another tab. */
export class FileBusyError extends UserError {
  constructor(path: string, options?: ErrorOptions) {
    super(`${path} is being written already.`, "Is it being downloaded in another tab or window?", options);
    this.name = "FileBusyError";
  }
}

export const notStored = (path: string, cause: unknown): UserError =>
  new UserError(`${path} is not stored.`, "Download the model again.", { cause });
