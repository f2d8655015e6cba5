/**
 * A document kept safe from crashes. Arrays never change, so each is written once, to a file of its own; then a small
 * manifest that names them is written to the older of two places. Whatever the moment of a crash, one of the two
 * manifests is whole and everything that it names is there.
 */
import { UserError } from "../../core/errors.ts";
import { createTurns } from "../../core/turns.ts";
import type { SceneDocument } from "../../scene/document.ts";
import { bytesBeyond } from "../arrays.ts";
import type { Timeline } from "../store.ts";
import type { ByteStore } from "./byte-store.ts";
import { createDecoder } from "./decode.ts";
import { BlobTable, encodeDoc } from "./encode.ts";
import { decodeManifest, encodeManifest, type Blob, type Manifest } from "./manifest.ts";

export interface Snapshot {
  readonly name: string;
  readonly timeline: Timeline;
  /** A small picture of it, as the bytes of a picture file. */
  readonly thumbnail?: Uint8Array;
}

export interface Journal {
  readonly id: string;
  /** Notes that a scene is as its file has it: its arrays need not be written beside the file. */
  adopt(scene: SceneDocument): void;
  save(snapshot: Snapshot): Promise<void>;
  /** Forgets everything: there is nothing to recover. */
  clear(): Promise<void>;
}

/** What a crashed session has left behind. */
export interface RecoveryEntry {
  readonly id: string;
  readonly name: string;
  /** When it was saved, milliseconds since the epoch. */
  readonly time: number;
  /** Changes in effect. */
  readonly changes: number;
  /** Bytes of a picture file. */
  readonly thumbnail?: ArrayBuffer;
}

/** Beyond this, documents farther from the present in the history are not kept. */
const HISTORY_BYTES = 512 << 20;
const SLOTS = ["manifest-a", "manifest-b"] as const;

const blobPath = (id: string, blob: Blob): string => `${id}/blob-${blob}`;

/** A journal for a new document, or one that goes on where `manifest` ends. */
export function createJournal(
  store: ByteStore,
  id: string,
  table = new BlobTable(),
  last?: Manifest,
): Journal {
  const inTurn = createTurns();
  let previous = last;
  let generation = last?.generation ?? 0;

  const save = async ({ name, timeline, thumbnail }: Snapshot): Promise<void> => {
    const { docs, labels, cursor } = trimmed(timeline, HISTORY_BYTES);
    const sizes: Record<Blob, number> = {};
    const fresh = new Map<Blob, ArrayBufferView>();
    const put = (array: ArrayBufferView): Blob => {
      const { blob, isNew } = table.number(array);
      if (isNew) fresh.set(blob, array);
      sizes[blob] = array.byteLength;
      return blob;
    };
    const saved = docs.map((doc) => encodeDoc(doc, table, put));
    const picture = thumbnail && put(thumbnail);
    const manifest: Manifest = {
      ...{ version: 1, generation: generation + 1, name, savedAt: Date.now(), labels, cursor, sizes },
      docs: saved,
      ...(picture !== undefined && { thumbnail: picture }),
    };
    try {
      for (const [blob, array] of fresh) await store.write(blobPath(id, blob), bytesOf(array));
      await store.write(`${id}/${SLOTS[manifest.generation % 2]!}`, encodeManifest(manifest));
    } catch (error) {
      // On a full disk, what half a save has written stands in the way of the next one.
      for (const [blob, array] of fresh) {
        table.forget(array);
        await store.remove(blobPath(id, blob)).catch(() => undefined);
      }
      throw error;
    }
    await sweep([manifest, previous]);
    previous = manifest;
    generation = manifest.generation;
  };

  /** Removes blobs that neither manifest names. */
  const sweep = async (manifests: readonly (Manifest | undefined)[]): Promise<void> => {
    const named = new Set(manifests.flatMap((manifest) => Object.keys(manifest?.sizes ?? {})));
    for (const path of await store.list(`${id}/blob-`)) {
      if (!named.has(path.slice(`${id}/blob-`.length))) await store.remove(path);
    }
  };

  return {
    id,
    adopt: (scene) => table.learnScene(scene),
    save: (snapshot) => inTurn(() => save(snapshot)),
    clear: () => inTurn(() => removeSession(store, id)),
  };
}

/** Manifests first: blobs without one are no longer anything. */
export async function removeSession(store: ByteStore, id: string): Promise<void> {
  for (const slot of SLOTS) await store.remove(`${id}/${slot}`);
  for (const path of await store.list(`${id}/`)) await store.remove(path);
}

/** What there is to recover, newest first. */
export async function listSessions(store: ByteStore): Promise<RecoveryEntry[]> {
  const ids = new Set((await store.list("")).map((path) => path.split("/")[0]!));
  const entries = await Promise.all(
    [...ids].map(async (id): Promise<RecoveryEntry[]> => {
      const manifest = (await manifestsOf(store, id))[0];
      if (!manifest) return [];
      const { name, savedAt: time, cursor: changes, thumbnail } = manifest;
      const picture = thumbnail === undefined ? undefined : await store.read(blobPath(id, thumbnail));
      return [{ id, name, time, changes, ...(picture && { thumbnail: picture.buffer }) }];
    }),
  );
  return entries.flat().sort((a, b) => b.time - a.time);
}

/** The document of a session, and the journal that goes on with it. Throws a UserError if nothing can be read. */
export async function recoverSession(
  store: ByteStore,
  id: string,
): Promise<{ readonly name: string; readonly timeline: Timeline; readonly journal: Journal }> {
  for (const manifest of await manifestsOf(store, id)) {
    const table = new BlobTable();
    table.reserve(1 + Math.max(-1, ...Object.keys(manifest.sizes).map(Number)));
    const decode = createDecoder((blob) => readBlob(store, id, blob, manifest), table);
    try {
      const docs = [];
      for (const doc of manifest.docs) docs.push(await decode(doc));
      const { name, labels, cursor } = manifest;
      return { name, timeline: { docs, labels, cursor }, journal: createJournal(store, id, table, manifest) };
    } catch (error) {
      console.warn(`Recovery: generation ${manifest.generation} of ${id} cannot be read`, error);
    }
  }
  throw new UserError(
    "What was saved of this scene cannot be read any more.",
    "Discard it and open the scene's file again.",
  );
}

/** Whole ones, newest first. */
async function manifestsOf(store: ByteStore, id: string): Promise<Manifest[]> {
  const read = await Promise.all(
    SLOTS.map(async (slot) => decodeManifest(await store.read(`${id}/${slot}`))),
  );
  return read.filter((manifest) => manifest !== undefined).sort((a, b) => b.generation - a.generation);
}

async function readBlob(store: ByteStore, id: string, blob: Blob, { sizes }: Manifest) {
  const bytes = await store.read(blobPath(id, blob));
  if (bytes?.byteLength === sizes[blob]) return bytes!;
  throw new Error(`blob ${blob}: got ${bytes?.byteLength ?? "no"} bytes, expected ${sizes[blob]}`);
}

/** The present, and of the rest of the history as much as fits, the nearest first and the past before the future. */
function trimmed({ docs, labels, cursor }: Timeline, maxBytes: number): Timeline {
  let [first, last] = [cursor, cursor];
  let bytes = 0;
  const fits = (doc: number, neighbour: number): boolean => {
    bytes += bytesBeyond(docs[doc]!, docs[neighbour]!);
    return bytes <= maxBytes;
  };
  while (first > 0 && fits(first - 1, first)) first--;
  while (last < docs.length - 1 && fits(last + 1, last)) last++;
  return { docs: docs.slice(first, last + 1), labels: labels.slice(first, last), cursor: cursor - first };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
