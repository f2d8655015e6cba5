import { ATTRIBUTES, type Attribute, type Splats } from "../../scene/attributes.ts";
import type { SceneDocument } from "../../scene/document.ts";
import type { Doc, EditRecord, Layer } from "../document.ts";
import type {
  Blob,
  SavedArray,
  SavedDoc,
  SavedEdit,
  SavedLayer,
  SavedScene,
  SavedSplats,
} from "./manifest.ts";

/** Is told an array and answers with its number. */
type Put = (array: ArrayBufferView) => Blob;

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

/** Names the arrays of a document. */
export function encodeDoc(doc: Doc, table: BlobTable, put: Put): SavedDoc {
  const { sets, edits, frame, nextId } = doc;
  return {
    layers: doc.layers.map((layer) => encodeLayer(layer, table, put)),
    sets: sets.map(({ id, name, members }) => ({
      ...{ id, name },
      members: Object.fromEntries(Object.entries(members).map(([layer, mask]) => [layer, put(mask)])),
    })),
    edits: edits.map((edit) => encodeEdit(edit, table, put)),
    ...{ frame, nextId },
  };
}

function encodeEdit(edit: EditRecord, table: BlobTable, put: Put): SavedEdit {
  const { contributions, thumbnail, ...rest } = edit;
  return {
    ...rest,
    contributions: contributions.map(({ layer, rows, before, after }) => ({
      layer,
      ...(rows && { rows: put(rows) }),
      before: encodeSplats(before, table, put),
      after: encodeSplats(after, table, put),
    })),
    ...(thumbnail && { thumbnail: put(thumbnail) }),
  };
}

function encodeLayer(layer: Layer, table: BlobTable, put: Put): SavedLayer {
  const { id, name, scene, state, visible, locked } = layer;
  return { id, name, scene: encodeScene(scene, table, put), state: put(state), visible, locked };
}

function encodeScene(
  { name, splats, metadata, warnings, provenance }: SceneDocument,
  table: BlobTable,
  put: Put,
): SavedScene {
  return {
    ...{ name, metadata, warnings },
    ...encodeSplats(splats, table, put),
    ...(provenance?.file && {
      provenance: {
        format: provenance.format,
        file: put(provenance.file),
        ...(provenance.records && { records: put(provenance.records) }),
      },
    }),
  };
}

function encodeSplats(splats: Splats, table: BlobTable, put: Put): SavedSplats {
  const place = (array: Float32Array): SavedArray => {
    const there = table.inFile(array);
    if (!there) return { blob: put(array) };
    return { file: put(there.file), attribute: there.attribute };
  };
  const arrays = ATTRIBUTES.map((attribute) => [attribute, place(splats[attribute])] as const);
  const { count, shDegree } = splats;
  return { count, shDegree, arrays: Object.fromEntries(arrays) as SavedSplats["arrays"] };
}
