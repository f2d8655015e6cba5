import { inlineStore, externalStore, tensorReader } from "../onnx/storage.ts";
import type { Model } from "../onnx/model.ts";
import { quantizeModel } from "../onnx/quantize/quantize.ts";
import type { QuantizeOptions, WeightFormat } from "../onnx/quantize/quantize.ts";
import { writeModel } from "../onnx/write.ts";
import type { FolderSource } from "./folder-source.ts";
import { openModelFolder } from "./model-folder.ts";
import { PARTS } from "./ports.ts";
import type { Part } from "./ports.ts";

/** A file being written; what a FileSystemWritableFileStream offers. */
export interface FileWriter {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

/** A folder to write to. Paths are relative, with slashes; folders on the way are made. */
export interface FolderSink {
  create(path: string): Promise<FileWriter>;
  has(path: string): Promise<boolean>;
}

/** What lies beside the networks, as far as a folder has it. */
const COMPANIONS: readonly string[] = [
  "model_index.json",
  "scheduler/scheduler_config.json",
  "tokenizer/tokenizer.json",
  "tokenizer/tokenizer_config.json",
  "tokenizer/special_tokens_map.json",
  "tokenizer/vocab.json",
  "tokenizer/merges.txt",
  "vae/config.json",
  ...PARTS.map((part) => `${part}/config.json`),
];

/** Files people write; those that a target folder has already are left as they are. */
const HAND_WRITTEN: readonly string[] = ["splatsmith.json", "README.md", "LICENSE", "LICENSE.md"];

export interface FolderQuantizeOptions extends Pick<QuantizeOptions, "linear" | "keepRoles" | "signal"> {
  /** Parts not named are kept. */
  readonly formats: Readonly<Partial<Record<Part, WeightFormat>>>;
  readonly onProgress?: (part: Part, done: number, total: number) => void;
}

export interface PartReport {
  readonly part: Part;
  readonly format: WeightFormat;
  /** Bytes of its files, graph and weights. */
  readonly before: number;
  readonly after: number;
}

/** Larger networks get their weights in a file beside the graph; one protobuf cannot hold more than 2 GiB. */
const INLINE_LIMIT = 256 << 20;
const WEIGHTS_FILE = "model.onnx_data";

/** Writes a model folder anew with its weights in fewer bits, one tensor at a time. */
export async function quantizeFolder(
  source: FolderSource,
  sink: FolderSink,
  options: FolderQuantizeOptions,
): Promise<readonly PartReport[]> {
  const folder = await openModelFolder(source);
  for (const path of [...COMPANIONS, ...HAND_WRITTEN]) {
    if (HAND_WRITTEN.includes(path) && (await sink.has(path))) continue;
    if (await source.has(path)) await writeFile(sink, path, await source.read(path));
  }
  const reports: PartReport[] = [];
  for (const part of PARTS) {
    const file = await folder.stored(part);
    const format = options.formats[part] ?? "keep";
    const read = tensorReader(new Map(file.externalData.map(({ path, data }) => [path, data])));
    const onProgress = (done: number, total: number): void => options.onProgress?.(part, done, total);
    const rewrite = (store: QuantizeOptions["store"]): Promise<Model> =>
      quantizeModel(file.model, { ...options, weights: format, read, store, onProgress });
    const after = await writePart(sink, part, file.size > INLINE_LIMIT, rewrite);
    reports.push({ part, format, before: file.size, after });
  }
  return reports;
}

async function writePart(
  sink: FolderSink,
  part: Part,
  isLarge: boolean,
  rewrite: (store: QuantizeOptions["store"]) => Promise<Model>,
): Promise<number> {
  if (!isLarge) {
    const bytes = writeModel(await rewrite(inlineStore));
    await writeFile(sink, `${part}/model.onnx`, bytes);
    return bytes.byteLength;
  }
  return writing(sink, `${part}/${WEIGHTS_FILE}`, async (file) => {
    const external = externalStore(WEIGHTS_FILE, (bytes) => file.write(bytes as Uint8Array<ArrayBuffer>));
    const bytes = writeModel(await rewrite(external.store));
    await writeFile(sink, `${part}/model.onnx`, bytes);
    return bytes.byteLength + external.size();
  });
}

const writeFile = (sink: FolderSink, path: string, bytes: Uint8Array): Promise<void> =>
  writing(sink, path, (file) => file.write(bytes as Uint8Array<ArrayBuffer>));

async function writing<T>(
  sink: FolderSink,
  path: string,
  work: (file: FileWriter) => Promise<T>,
): Promise<T> {
  const file = await sink.create(path);
  try {
    const result = await work(file);
    await file.close();
    return result;
  } catch (error) {
    await file.abort().catch(() => undefined); // what failed first is what to tell
    throw error;
  }
}
