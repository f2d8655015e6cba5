import { assert } from "../../core/assert.ts";
import { readScene } from "../../formats/index.ts";
import { ATTRIBUTES } from "../../scene/attributes.ts";
import type { Provenance, SceneDocument } from "../../scene/document.ts";
import { splatsFrom } from "../../scene/splats.ts";
import type { Doc, Layer } from "../document.ts";
import type { BlobTable } from "./encode.ts";
import type { Blob, SavedArray, SavedDoc, SavedLayer, SavedScene } from "./manifest.ts";

/** Reads a blob's bytes; rejects if it is missing or not whole. */
export type ReadBlob = (blob: Blob) => Promise<Uint8Array<ArrayBuffer>>;

/** Documents as they were saved. Arrays they shared are shared again, and known to the table. */
export function createDecoder(read: ReadBlob, table: BlobTable) {
  const bytes = new Map<Blob, Promise<Uint8Array<ArrayBuffer>>>();
  const files = new Map<Blob, Promise<SceneDocument>>();
  const floats = new Map<Blob, Promise<Float32Array>>();
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
  const recordsOf = async (blob: Blob): Promise<Uint32Array> => {
    const records = new Uint32Array((await bytesOf(blob)).buffer);
    table.learn(records, blob);
    return records;
  };
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

  const decodeScene = async (saved: SavedScene): Promise<SceneDocument> => {
    const { name, count, shDegree, metadata, warnings } = saved;
    const arrayOf = async (place: SavedArray, attribute: (typeof ATTRIBUTES)[number]) =>
      "blob" in place ? floatsOf(place.blob) : (await fileOf(place.file, name)).splats[attribute];
    const arrays = await Promise.all(
      ATTRIBUTES.map(async (attribute) => [attribute, await arrayOf(saved.arrays[attribute], attribute)]),
    );
    const provenance = saved.provenance && (await provenanceOf(saved.provenance, name));
    return {
      ...{ name, metadata, warnings },
      splats: splatsFrom(count, shDegree, Object.fromEntries(arrays)),
      ...(provenance && { provenance }),
    };
  };

  const provenanceOf = async (
    { file, records }: NonNullable<SavedScene["provenance"]>,
    name: string,
  ): Promise<Provenance> => {
    const { provenance } = await fileOf(file, name);
    assert(provenance, `the file of ${name} has lost its provenance`);
    return records === undefined ? provenance : { ...provenance, records: await recordsOf(records) };
  };

  const decodeLayer = async ({ scene, state, ...rest }: SavedLayer): Promise<Layer> => ({
    ...rest,
    scene: await once(scenes, JSON.stringify(scene), () => decodeScene(scene)),
    state: await bytesOf(state),
  });

  return async ({ layers, sets, ...rest }: SavedDoc): Promise<Doc> => ({
    ...rest,
    layers: await Promise.all(layers.map(decodeLayer)),
    sets: await Promise.all(
      sets.map(async ({ members, ...set }) => {
        const masks = Object.entries(members).map(async ([id, blob]) => [id, await bytesOf(blob)] as const);
        return { ...set, members: Object.fromEntries(await Promise.all(masks)) };
      }),
    ),
  });
}
