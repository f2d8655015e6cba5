import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A real capture where the shared test data is there, else the first scene of our own. */
export function realScene(): { readonly name: string; readonly bytes: Buffer } {
  const shared = join(root, "../shared/scenes/ply/train-1000.ply");
  if (existsSync(shared)) return { name: "train-1000.ply", bytes: readFileSync(shared) };
  const [first] = (JSON.parse(readFileSync(join(root, "public/scenes/scenes.json"), "utf8")) as DemoList)
    .scenes;
  return { name: first!.file, bytes: readFileSync(join(root, "public/scenes", first!.file)) };
}

interface DemoList {
  readonly scenes: readonly { readonly file: string }[];
}
