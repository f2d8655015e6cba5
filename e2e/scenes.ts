import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A real capture where the shared test data is there, else a scene of our own that is not open at the start. */
export function realScene(): { readonly name: string; readonly bytes: Buffer } {
  const shared = join(root, "../shared/scenes/ply/train-1000.ply");
  if (existsSync(shared)) return { name: "train-1000.ply", bytes: readFileSync(shared) };
  const list = JSON.parse(readFileSync(join(root, "public/scenes/scenes.json"), "utf8")) as DemoList;
  const name = list.scenes.at(-1)!.file;
  return { name, bytes: readFileSync(join(root, "public/scenes", name)) };
}

interface DemoList {
  readonly scenes: readonly { readonly file: string }[];
}
