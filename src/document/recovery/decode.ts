import { assert } from "../../core/assert.ts";
import { readScene } from "../../formats/index.ts";
import { ATTRIBUTES, type Attribute, type Splats } from "../../scene/attributes.ts";
import type { Provenance, SceneDocument } from "../../scene/document.ts";
import { splatsFrom } from "../../scene/splats.ts";
import type { Contribution } from "../contributions.ts";
import type { Doc, EditRecord, Layer } from "../document.ts";
import type { BlobTable } from "./encode.ts";
import type {
  Blob,
  SavedArray,
  SavedContribution,
  SavedDoc,
  SavedEdit,
  SavedLayer,
  SavedScene,
  SavedSplats,
} from "./manifest.ts";

/** Reads a blob's bytes; rejects if it is missing or not whole. */
export type ReadBlob = (blob: Blob) => Promise<Uint8Array<ArrayBuffer>>;

/** Documents as they were saved. Arrays they shared are shared again, and known to the table. */
export function createDecoder(read: ReadBlob, table: BlobTable) {
  const bytes = new Map<Blob, Promise<Uint8Array<ArrayBuffer>>>();
  const files = new Map<Blob, Promise<SceneDocument>>();
  const words = new Map<Blob, Promise<Uint32Array>>();
  const floats = new Map<Blob, Promise<Float32Array>>();
  const splats = new Map<string, Promise<Splats>>();
  const scenes = new Map<string, Promise<SceneDocument>>();

  const once = <K, V>(known: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> => {
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
  const bytesOf = (blob: Blob): Promise<Uint8Array<ArrayBuffer>> =>
    once(bytes, blob, async () => {
      const array = await read(blob);
      table.learn(array, blob);
      return array;
    });
  const wordsOf = (blob: Blob): Promise<Uint32Array> =>
    once(words, blob, async () => {
      const array = new Uint32Array((await read(blob)).buffer);
      table.learn(array, blob);
      return array;
    });
  const floatsOf = (blob: Blob): Promise<Float32Array> =>
    once(floats, blob, async () => {
      const array = new Float32Array((await read(blob)).buffer);
      table.learn(array, blob);
      return array;
    });
  const fileOf = (blob: Blob, name: string): Promise<SceneDocument> =>
    once(files, blob, async () => {
      const scene = readScene(await bytesOf(blob), name);
      table.learnScene(scene);
      return scene;
    });

  /** `name` is that of the file, should arrays be in it. */
  const splatsOf = ({ count, shDegree, arrays: saved }: SavedSplats, name: string): Promise<Splats> =>
    once(splats, JSON.stringify(saved), async () => {
      const arrayOf = async (place: SavedArray, attribute: Attribute) =>
        "blob" in place ? floatsOf(place.blob) : (await fileOf(place.file, name)).splats[attribute];
      const arrays = await Promise.all(
        ATTRIBUTES.map(async (attribute) => [attribute, await arrayOf(saved[attribute], attribute)]),
      );
      return splatsFrom(count, shDegree, Object.fromEntries(arrays));
    });

  const decodeScene = async (saved: SavedScene): Promise<SceneDocument> => {
    const { name, metadata, warnings } = saved;
    const provenance = saved.provenance && (await provenanceOf(saved.provenance, name));
    return {
      ...{ name, metadata, warnings },
      splats: await splatsOf(saved, name),
      ...(provenance && { provenance }),
    };
  };

  const provenanceOf = async (
    { file, records }: NonNullable<SavedScene["provenance"]>,
    name: string,
  ): Promise<Provenance> => {
    const { provenance } = await fileOf(file, name);
    assert(provenance, `the file of ${name} has lost its provenance`);
    return records === undefined ? provenance : { ...provenance, records: await wordsOf(records) };
  };

  const decodeLayer = async ({ scene, state, ...rest }: SavedLayer): Promise<Layer> => ({
    ...rest,
    scene: await once(scenes, JSON.stringify(scene), () => decodeScene(scene)),
    state: await bytesOf(state),
  });

  const decodeContribution = async (
    { layer, rows, before, after }: SavedContribution,
    name: string,
  ): Promise<Contribution> => ({
    layer,
    ...(rows !== undefined && { rows: await wordsOf(rows) }),
    before: await splatsOf(before, name),
    after: await splatsOf(after, name),
  });

  const decodeEdit = async (edit: SavedEdit, layers: readonly SavedLayer[]): Promise<EditRecord> => {
    const { isOn = true, contributions = [], thumbnail, ...rest } = edit;
    const nameOf = (id: string): string => layers.find((layer) => layer.id === id)?.scene.name ?? "";
    const parts = contributions.map((part) => decodeContribution(part, nameOf(part.layer)));
    return {
      ...{ ...rest, isOn },
      contributions: await Promise.all(parts),
      ...(thumbnail !== undefined && { thumbnail: await bytesOf(thumbnail) }),
    };
  };

  return async ({ layers, sets, edits, ...rest }: SavedDoc): Promise<Doc> => ({
    ...rest,
    layers: await Promise.all(layers.map(decodeLayer)),
    edits: await Promise.all(edits.map((edit) => decodeEdit(edit, layers))),
    sets: await Promise.all(
      sets.map(async ({ members, ...set }) => {
        const masks = Object.entries(members).map(async ([id, blob]) => [id, await bytesOf(blob)] as const);
        return { ...set, members: Object.fromEntries(await Promise.all(masks)) };
      }),
    ),
  });
}
