import { UserError } from "../core/errors.ts";
import type { ByteStore } from "./byte-store.ts";
import type { Origin } from "./made-model.ts";
import type { Offer, OfferedFile } from "./probe.ts";

/** A file of a model that was made on this machine has no address: "". */
export interface ManifestFile extends OfferedFile {
  /** The server's mark of the state that a beginning is from. */
  readonly etag?: string;
  /** Whole, and its hash seen to be right; `sha256` and `bytes` are known then. */
  readonly isDone: boolean;
}

/** What is known of a stored model, kept beside its files. Written before the first byte and after each file. */
export interface Manifest extends Omit<Offer, "files" | "location"> {
  readonly format: typeof FORMAT;
  /** When the user agreed to the licence, as ISO 8601. */
  readonly accepted?: string;
  /** Of a model that was made on this machine rather than fetched. */
  readonly origin?: Origin;
  /** None while a model is being made. */
  readonly files: readonly ManifestFile[];
}
export const FORMAT = 1;

/** The folder of a model in the store: its id, with everything encoded that a file system might not take. */
export const folderOfModel = (id: string): string =>
  encodeURIComponent(id).replace(/[*'()!~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export const filesOf = (id: string): string => `${folderOfModel(id)}/files`;
const manifestOf = (id: string): string => `${folderOfModel(id)}/manifest.json`;

/**
 * The manifest of a download to come. Files that an earlier one of the same model has, whole or in part, are gone on
 * with where the offer means the same content.
 */
export function manifestFor(offer: Offer, before?: Manifest, accepted?: string): Manifest {
  const files = offer.files.map((file): ManifestFile => {
    const old = before?.files.find(({ path }) => path === file.path);
    return old && isSameContent(old, file)
      ? { ...old, ...file, isDone: old.isDone }
      : { ...file, isDone: false };
  });
  const when = accepted ?? before?.accepted;
  const { location: _, ...facts } = offer;
  return { ...facts, format: FORMAT, files, ...(when && { accepted: when }) };
}

/** By hash where both know it, else by address: a commit of a hub never changes. */
export const isSameContent = (a: OfferedFile, b: OfferedFile): boolean =>
  a.sha256 !== undefined && b.sha256 !== undefined
    ? a.sha256 === b.sha256
    : a.url === b.url && a.bytes === (b.bytes ?? a.bytes);

export const isComplete = ({ files }: Manifest): boolean =>
  files.length > 0 && files.every(({ isDone }) => isDone);

/** With some facts of one file changed. */
export const withFile = (manifest: Manifest, path: string, change: Partial<ManifestFile>): Manifest => ({
  ...manifest,
  files: manifest.files.map((file) => (file.path === path ? { ...file, ...change } : file)),
});

/** Undefined when nothing is stored under the id. Throws a UserError when what is stored cannot be read. */
export async function readManifest(store: ByteStore, id: string): Promise<Manifest | undefined> {
  const path = manifestOf(id);
  if ((await store.size(path)) === undefined) return undefined;
  try {
    const manifest = JSON.parse(await (await store.open(path)).text()) as Manifest;
    if (manifest.format === FORMAT && manifest.id === id && Array.isArray(manifest.files)) return manifest;
  } catch (cause) {
    throw unreadable(id, cause);
  }
  throw unreadable(id);
}

const unreadable = (id: string, cause?: unknown): UserError =>
  new UserError(
    `What is stored of ${id} cannot be read: its manifest is damaged or of another version.`,
    "Delete it, and download it again.",
    { cause },
  );

export const writeManifest = (store: ByteStore, manifest: Manifest): Promise<void> =>
  store.write(manifestOf(manifest.id), new TextEncoder().encode(JSON.stringify(manifest, null, 1)));
