import { readFileSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { tensor } from "../../core/tensor.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { FolderSource } from "../folder-source.ts";
import { diskFolder } from "../folder-source.node.ts";
import { memoryFolder } from "./memory-folder.ts";

/** Miniatures of public architectures as public tools export them; `python models/export/sd fixtures` makes them. */
const EXPORTS = join(import.meta.dirname, "../golden/exports");

/**
 * A folder of full size as well, where the environment names one: `python models/export/sd random <model> <folder>
 * --size full --reference 256` makes it, gigabytes that no repository should hold.
 */
const FULL_SIZE = process.env["SPLATSMITH_FULL_EXPORT"];

export const isFullSize = (name: string): boolean => name === FULL_SIZE;

export const exportNames = (): readonly string[] => [
  ...readdirSync(EXPORTS).sort(),
  ...(FULL_SIZE ? [FULL_SIZE] : []),
];

export const exportedFolder = (name: string): FolderSource =>
  isFullSize(name) ? diskFolder(name) : memoryFolder(exportedFiles(name));

/** By path in the folder. */
export function exportedFiles(name: string): Record<string, Uint8Array> {
  const root = join(EXPORTS, name);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.name.endsWith(".gz"),
  );
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const inside = relative(root, path).replaceAll("\\", "/").replace(/\.gz$/, "");
      return [inside, new Uint8Array(gunzipSync(readFileSync(path)))];
    }),
  );
}

const ARRAYS = [
  "ids",
  "hidden",
  "latent",
  "predictions",
  "image",
  "mean",
  "cotangent",
  "gradient",
  "decoderInput",
  "decoded",
] as const;

/** What torch computes from the same weights. Images are in [-1, 1] and latents not scaled, as networks see them. */
export type ExportReference = Readonly<Record<(typeof ARRAYS)[number], Tensor>> & {
  readonly timesteps: readonly number[];
};

export function exportReference(name: string): ExportReference {
  const json = JSON.parse(readFileSync(join(resolve(EXPORTS, name), "reference.json"), "utf8"));
  const arrays = ARRAYS.map((key) => {
    const { shape, base64 } = json[key] as { shape: number[]; base64: string };
    const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
    return [key, tensor(new Float32Array(bytes.buffer), shape)] as const;
  });
  return { timesteps: json.timesteps, ...Object.fromEntries(arrays) } as ExportReference;
}
