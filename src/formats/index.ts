import { UserError } from "../core/errors.ts";
import { atOnce, type InPieces } from "../core/pieces.ts";
import { registry } from "../core/registry.ts";
import type { SceneDocument } from "../scene/document.ts";
import { recognise } from "./foreign.ts";
import type { SceneFormat, WriteOptions } from "./format.ts";

const files = import.meta.glob<SceneFormat>("./*.format.ts", { eager: true, import: "default" });

/** Every scene format, one per `<id>.format.ts`. */
export const formats = registry("scene format", Object.values(files));

/** Extensions with their dots, by media type, as file pickers and web app manifests want them. */
export const acceptedFiles: Readonly<Record<`${string}/${string}`, `.${string}`[]>> = Object.fromEntries(
  formats.all.map(({ mediaType, extensions }) => [mediaType, extensions.map((each) => `.${each}` as const)]),
);

/**
 * Reads a scene file of any known format; which one is decided by its bytes, not its name.
 * Throws a UserError that says what is wrong with the file and what to do.
 */
export const readScene = (bytes: Uint8Array<ArrayBuffer>, name: string): SceneDocument =>
  atOnce(readingScene(bytes, name));

/** The same in pieces: a large file takes seconds. */
export function* readingScene(bytes: Uint8Array<ArrayBuffer>, name: string): InPieces<SceneDocument> {
  if (bytes.length === 0) {
    throw new UserError(`“${name}” is empty (0 bytes).`, "Download or export it again.");
  }
  const format = formats.all.find(({ sniff }) => sniff(bytes));
  if (format) return keepingFile(yield* format.read(bytes, name), bytes);

  const foreign = recognise(bytes, name);
  if (foreign) throw new UserError(`“${name}” is ${foreign.what}.`, foreign.hint);
  throw new UserError(
    `“${name}” is not a scene file that Splatsmith knows.`,
    `It reads ${formats.all.map(({ label }) => label).join(", ")}. The file may also be damaged at its beginning.`,
  );
}

const keepingFile = (document: SceneDocument, file: Uint8Array<ArrayBuffer>): SceneDocument =>
  document.provenance ? { ...document, provenance: { ...document.provenance, file } } : document;

/** Writes a scene in the named format, by default the one it was read from, else PLY. */
export function writeScene(
  document: SceneDocument,
  options: WriteOptions & { readonly format?: string } = {},
): Uint8Array<ArrayBuffer> {
  const format = formats.get(options.format ?? document.provenance?.format ?? "ply");
  if (!format.write)
    throw new UserError(`Splatsmith cannot write ${format.label}.`, "Choose another format.");
  return format.write(document, options);
}
