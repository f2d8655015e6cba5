/** What is written of a document beside its arrays: small, and whole or not there. */
import type { Attribute, ShDegree } from "../../scene/attributes.ts";
import type { SceneMetadata } from "../../scene/document.ts";
import type { EditRecord, Frame } from "../document.ts";

/** A file of bytes, by its number. */
export type Blob = number;
/** An array of its own, or one that the opened file has. */
export type SavedArray = { readonly blob: Blob } | { readonly file: Blob; readonly attribute: Attribute };

export interface SavedSplats {
  readonly count: number;
  readonly shDegree: ShDegree;
  readonly arrays: Readonly<Record<Attribute, SavedArray>>;
}

export interface SavedScene extends SavedSplats {
  readonly name: string;
  readonly metadata: SceneMetadata;
  readonly warnings: readonly string[];
  readonly provenance?: { readonly format: string; readonly file: Blob; readonly records?: Blob };
}

export interface SavedLayer {
  readonly id: string;
  readonly name: string;
  readonly scene: SavedScene;
  readonly state: Blob;
  readonly visible: boolean;
  readonly locked: boolean;
}

export interface SavedContribution {
  readonly layer: string;
  readonly rows?: Blob;
  readonly before: SavedSplats;
  readonly after: SavedSplats;
}

/** Saves of earlier versions have none of the optional fields. */
export interface SavedEdit extends Omit<EditRecord, "isOn" | "contributions" | "thumbnail"> {
  readonly isOn?: boolean;
  readonly contributions?: readonly SavedContribution[];
  readonly thumbnail?: Blob;
}

export interface SavedDoc {
  readonly layers: readonly SavedLayer[];
  readonly sets: readonly {
    readonly id: string;
    readonly name: string;
    readonly members: Readonly<Record<string, Blob>>;
  }[];
  readonly edits: readonly SavedEdit[];
  readonly frame: Frame;
  readonly nextId: number;
}

export interface Manifest {
  readonly version: 1;
  /** Rises with every save; of two manifests the higher one counts. */
  readonly generation: number;
  /** Of the document. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
  /** The history: document i leads to document i + 1 by what label i says. */
  readonly docs: readonly SavedDoc[];
  readonly labels: readonly string[];
  readonly cursor: number;
  /** A picture file. */
  readonly thumbnail?: Blob;
  /** Bytes of each blob that is named. */
  readonly sizes: Readonly<Record<Blob, number>>;
}

export function encodeManifest(manifest: Manifest): Uint8Array {
  const body = JSON.stringify(manifest);
  return new TextEncoder().encode(`${checksum(body)}\n${body}`);
}

/** Undefined for anything but a whole manifest of this version. */
export function decodeManifest(bytes: Uint8Array | undefined): Manifest | undefined {
  if (!bytes) return undefined;
  const text = new TextDecoder().decode(bytes);
  const end = text.indexOf("\n");
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== checksum(body)) return undefined;
  const manifest = JSON.parse(body) as Manifest;
  return manifest.version === 1 ? manifest : undefined;
}

/** FNV-1a, 32 bits. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}
