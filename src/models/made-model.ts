/** Models that were made on this machine from others, e.g. with weights in fewer bits. */
import type { NoiseReport } from "../diffusion/quantization-noise.ts";
import type { FolderSink } from "../diffusion/quantize-folder.ts";
import type { WeightFormat } from "../onnx/quantize/quantize.ts";
import type { ByteStore } from "./byte-store.ts";
import type { Licence } from "./licence.ts";
import { filesOf, folderOfModel, FORMAT, writeManifest } from "./manifest.ts";
import type { Manifest, ManifestFile } from "./manifest.ts";
import { createSha256 } from "./sha256.ts";

/** What a model was made from, and how. Survives structured cloning. */
export interface Origin {
  /** Id of the stored model, or name of the folder. */
  readonly from: string;
  readonly weights: WeightFormat;
  /** What it changes in the gradient of an edit, once measured. */
  readonly noise?: NoiseReport;
}

export interface Design {
  readonly id: string;
  readonly title: string;
  readonly origin: Origin;
  readonly licence?: Licence;
}

/** Stores what `work` writes as a model. Nothing stays of one that fails, and what was there before is gone. */
export async function makeModel<T>(
  store: ByteStore,
  { origin, ...design }: Design,
  work: (sink: FolderSink) => Promise<T>,
): Promise<T> {
  const { id } = design;
  const empty: Manifest = {
    ...design,
    format: FORMAT,
    purpose: "model",
    origin,
    files: [],
    bytes: 0,
    notes: [],
  };
  await store.remove(folderOfModel(id));
  await writeManifest(store, empty);
  const files: ManifestFile[] = [];
  try {
    const result = await work(hashingSink(store, filesOf(id), files));
    const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
    await writeManifest(store, { ...empty, files, bytes });
    return result;
  } catch (error) {
    await store.remove(folderOfModel(id));
    throw error;
  }
}

/** Writes into a folder of the store, and notes what each file came to. */
function hashingSink(store: ByteStore, folder: string, files: ManifestFile[]): FolderSink {
  const at = (path: string): string => `${folder}/${path}`;
  return {
    has: async (path) => (await store.size(at(path))) !== undefined,
    async create(path) {
      const [writer, hash] = [await store.append(at(path), 0), await createSha256()];
      let bytes = 0;
      return {
        async write(chunk) {
          await writer.write(chunk);
          hash.update(chunk);
          bytes += chunk.length;
        },
        async close() {
          await writer.close();
          files.push({ path, url: "", bytes, sha256: hash.digest(), isDone: true });
        },
        abort: () => writer.close(),
      };
    },
  };
}
