/**
 * Starts a TypeScript program of this repository in Node, or Vitest, with a Vulkan driver that Dawn can use:
 *
 *   node src/cli/launch.mjs src/cli/edit.ts in.ply …
 *   node src/cli/launch.mjs --vitest run src/raster
 *
 * Arguments, standard streams, signals and the exit code pass through.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildProgram } from "./build-program.mjs";
import { vulkanEnvironment } from "./vulkan.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const [what, ...rest] = process.argv.slice(2);

if (!what) {
  console.error("usage: node src/cli/launch.mjs <script.ts | --vitest> [arguments]");
  process.exit(2);
}

const isVitest = what === "--vitest";
const program = isVitest
  ? join(root, "node_modules/vitest/vitest.mjs")
  : await buildProgram(root, resolve(root, what));

const child = spawn(process.execPath, ["--enable-source-maps", program, ...rest], {
  // npm runs scripts in the package's folder; paths on the command line mean the user's.
  cwd: isVitest ? root : (process.env.INIT_CWD ?? process.cwd()),
  stdio: "inherit",
  env: { ...process.env, ...vulkanEnvironment() },
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to the child as well; a second one would mean "at once".
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  });
}

child.on("error", (error) => {
  console.error(`Could not start Node: ${error.message}`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
});
