import { assert } from "../core/assert.ts";
import type { Splats } from "./attributes.ts";
import type { Sphere } from "./bounds.ts";
import { concatSplats, takeSplats } from "./splats.ts";

/** What a file says about its splats beside their numbers. */
export interface SceneMetadata {
  /** Free text lines from the file's header. */
  readonly comments: readonly string[];
  /** Trained with opacity compensation for the low-pass filter (Mip-Splatting), so render it that way. */
  readonly antialiased: boolean;
  /** The scene's up direction, where the file declares one. */
  readonly up?: readonly [number, number, number];
  /** What the scene is about and views should look at, where the file declares it. */
  readonly focus?: Sphere;
}

/** In `Provenance.records`: a splat that no record of the source file stands for. */
export const NO_RECORD = 0xffffffff;

/**
 * Where the splats came from, so that those nobody touched leave the program byte for byte as they entered it.
 * `source` belongs to the format that read the file: its layout and raw records.
 */
export interface Provenance {
  /** Id of the format that read the file. */
  readonly format: string;
  /** Source record of each splat, or NO_RECORD; absent while splat i is record i. */
  readonly records?: Uint32Array; // [N]
  readonly source: unknown;
  /** The whole file, to be read again after a crash. */
  readonly file?: Uint8Array<ArrayBuffer>;
}

/** A scene as opened: splats and everything needed to write them back. */
export interface SceneDocument {
  /** File name it was opened from or will be saved under. */
  readonly name: string;
  readonly splats: Splats;
  readonly metadata: SceneMetadata;
  /** What the reader noticed but could live with, in words for the user. */
  readonly warnings: readonly string[];
  readonly provenance?: Provenance;
}

/** The same document with other values for the same splats, in the same order. */
export function withSplats(document: SceneDocument, splats: Splats): SceneDocument {
  if (splats.count !== document.splats.count) {
    throw new Error(`withSplats: got ${splats.count} splats for a document of ${document.splats.count}`);
  }
  return { ...document, splats };
}

/** The document's splats at `indices`, in that order, each still tied to its source record. */
export function takeDocument(document: SceneDocument, indices: Uint32Array): SceneDocument {
  const { provenance } = document;
  const splats = takeSplats(document.splats, indices);
  if (!provenance) return { ...document, splats };
  const previous = provenance.records;
  const records = previous ? indices.map((index) => previous[index]!) : indices.slice();
  return { ...document, splats, provenance: { ...provenance, records } };
}

/**
 * All splats of all documents, in order, under the name and metadata of the first. Splats stay tied to the first
 * document's source file where they come from it.
 */
export function concatDocuments(documents: readonly SceneDocument[]): SceneDocument {
  const [first, ...others] = documents;
  assert(first, "concatDocuments: no documents");
  if (others.length === 0) return first;
  const splats = concatSplats(documents.map((document) => document.splats));
  const warnings = [...new Set(documents.flatMap((document) => document.warnings))];
  if (!first.provenance) return { ...first, splats, warnings };
  const records = new Uint32Array(splats.count);
  let at = 0;
  for (const { splats: part, provenance } of documents) {
    const isSame = provenance !== undefined && provenance.source === first.provenance.source;
    for (let i = 0; i < part.count; i++) {
      records[at++] = isSame ? (provenance.records?.[i] ?? i) : NO_RECORD;
    }
  }
  return { ...first, splats, warnings, provenance: { ...first.provenance, records } };
}
