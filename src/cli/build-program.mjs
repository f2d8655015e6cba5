import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";

/** All that a program may be made of, and what makes it. */
const SOURCES = ["src", "shaders", "models/export", "package-lock.json"];
/** A program of yesterday is not running any more. */
const KEPT_MS = 24 * 3600 * 1000;

/**
 * Makes a TypeScript program one that Node runs by itself, which starts in a tenth of the time that translating every
 * file anew takes. Made again when any source has changed since.
 * @param {string} root the repository
 * @param {string} script path of the program
 * @returns {Promise<string>} path of what to run
 */
export async function buildProgram(root, script) {
  const programs = join(root, ".cache/programs");
  const name = relative(root, script).replaceAll(/[^\w]+/g, "-");
  const folder = join(programs, `${name}.${stateOf(root)}`);
  const program = join(folder, `${basename(script, ".ts")}.js`);
  if (existsSync(program)) return program;

  const { build } = await import("vite");
  const unfinished = `${folder}.${process.pid}`;
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    build: {
      ssr: script,
      target: "node20",
      outDir: unfinished,
      emptyOutDir: true,
      sourcemap: true,
      rolldownOptions: { output: { entryFileNames: "[name].js" } },
    },
  });
  mkdirSync(programs, { recursive: true });
  dropOld(programs, name);
  try {
    renameSync(unfinished, folder); // whole or not at all, as others may start the same program now
  } catch (error) {
    if (!existsSync(program)) throw error;
    rmSync(unfinished, { recursive: true, force: true });
  }
  return program;
}

/** Changes when a source does. */
function stateOf(root) {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    const path = join(root, source);
    const files = statSync(path).isFile() ? [path] : filesIn(path);
    for (const file of files) {
      const { mtimeMs, size } = statSync(file);
      hash.update(`${relative(root, file)} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest("hex").slice(0, 12);
}

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

function dropOld(programs, name) {
  for (const entry of readdirSync(programs)) {
    const path = join(programs, entry);
    if (!entry.startsWith(`${name}.`) || Date.now() - statSync(path).mtimeMs < KEPT_MS) continue;
    rmSync(path, { recursive: true, force: true });
  }
}
