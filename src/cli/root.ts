import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The repository's folder, on disk. Looked for, as a program that was built lies deeper in it than its source. */
export const root = upTo("package.json", import.meta.dirname);

/** An embedded model, the one that edits by default. */
export const EMBEDDED_MODEL = join(root, "models/mini");

function upTo(name: string, folder: string): string {
  return existsSync(join(folder, name)) ? folder : upTo(name, dirname(folder));
}
