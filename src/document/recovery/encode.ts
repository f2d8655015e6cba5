import { ATTRIBUTES, type Attribute } from "../../scene/attributes.ts";
import type { SceneDocument } from "../../scene/document.ts";
import type { Doc, Layer } from "../document.ts";
import type { Blob, SavedArray, SavedDoc, SavedLayer, SavedScene } from "./manifest.ts";

/** Numbers the arrays of documents. An array that is known keeps its number, and is not written again. */
export class BlobTable {
  readonly #numbers = new WeakMap<ArrayBufferView, Blob>();
  readonly #inFile = new WeakMap<ArrayBufferView, FilePlace>();
  #next = 0;

  /** The number of an array; `isNew` if it had none. */
  number(array: ArrayBufferView): { readonly blob: Blob; readonly isNew: boolean } {
    const known = this.#numbers.get(array);
    if (known !== undefined) return { blob: known, isNew: false };
    const blob = this.#next++;
    this.#numbers.set(array, blob);
    return { blob, isNew: true };
  }

  /** Notes that an array lies in a blob already. */
  learn(array: ArrayBufferView, blob: Blob): void {
    this.#numbers.set(array, blob);
    this.#next = Math.max(this.#next, blob + 1);
  }

  /** Numbers from here on are free. */
  reserve(next: Blob): void {
    this.#next = Math.max(this.#next, next);
  }

  /** Forgets an array that could not be written. */
  forget(array: ArrayBufferView): void {
    this.#numbers.delete(array);
  }

  /** Notes that the arrays of a scene can be read from the file it came from. */
  learnScene({ splats, provenance }: SceneDocument): void {
    if (!provenance?.file || provenance.records) return;
    const { file } = provenance;
    for (const attribute of ATTRIBUTES) this.#inFile.set(splats[attribute], { file, attribute });
  }

  inFile(array: ArrayBufferView): FilePlace | undefined {
    return this.#inFile.get(array);
  }
}

/** Which array of the scene in a file. */
interface FilePlace {
  readonly file: Uint8Array;
  readonly attribute: Attribute;
}

/** Names the arrays of a document; `put` is told each of them and answers with its number. */
export function encodeDoc(doc: Doc, table: BlobTable, put: (array: ArrayBufferView) => Blob): SavedDoc {
  const { sets, edits, frame, nextId } = doc;
  return {
    layers: doc.layers.map((layer) => encodeLayer(layer, table, put)),
    sets: sets.map(({ id, name, members }) => ({
      ...{ id, name },
      members: Object.fromEntries(Object.entries(members).map(([layer, mask]) => [layer, put(mask)])),
    })),
    ...{ edits, frame, nextId },
  };
}

function encodeLayer(layer: Layer, table: BlobTable, put: (array: ArrayBufferView) => Blob): SavedLayer {
  const { id, name, scene, state, visible, locked } = layer;
  return { id, name, scene: encodeScene(scene, table, put), state: put(state), visible, locked };
}

function encodeScene(
  { name, splats, metadata, warnings, provenance }: SceneDocument,
  table: BlobTable,
  put: (array: ArrayBufferView) => Blob,
): SavedScene {
  const place = (array: Float32Array): SavedArray => {
    const there = table.inFile(array);
    if (!there) return { blob: put(array) };
    return { file: put(there.file), attribute: there.attribute };
  };
  const arrays = ATTRIBUTES.map((attribute) => [attribute, place(splats[attribute])] as const);
  const { count, shDegree } = splats;
  return {
    ...{ name, count, shDegree, metadata, warnings },
    arrays: Object.fromEntries(arrays) as SavedScene["arrays"],
    ...(provenance?.file && {
      provenance: {
        format: provenance.format,
        file: put(provenance.file),
        ...(provenance.records && { records: put(provenance.records) }),
      },
    }),
  };
}
