/**
 * Every test there is: training in Python, Vitest in Node (WGSL on Dawn), then the built page in a browser. Prints one
 * closing line, `N passed, N failed`, summed over all, and exits accordingly.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { vulkanEnvironment } from "../src/cli/vulkan.mjs";
import { ensureBrowser } from "./browser.mjs";
import { add, closingLine, fromPlaywright, fromUnittest, fromVitest } from "./totals.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = mkdtempSync(join(tmpdir(), "splatsmith-tests-"));

/** Training and exporting. */
const PYTHON_TESTS = ["models/train/tests", "models/export/sd/tests"];

process.exitCode = main();

function main() {
  try {
    const browser = ensureBrowser();
    console.log(`Browser: ${browser}`);
    const env = { ...process.env, CHROME_PATH: browser };
    const total = [
      ...PYTHON_TESTS.map((folder) => pythonTests(folder, env)),
      unitTests({ ...env, ...vulkanEnvironment(browser) }),
      browserTests(env),
    ].reduce(add);
    console.log(closingLine(total));
    return total.failed === 0 && total.passed > 0 ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

/** The user of the app needs no Python, so neither do the tests; without its packages they count as skipped. */
function pythonTests(folder, env) {
  const python = process.env.PYTHON ?? "python3";
  const args = ["-m", "unittest", "discover", "-s", folder, "-v"];
  const { error, status, stderr } = spawnSync(python, args, { cwd: root, env, encoding: "utf8" });
  if (error) {
    console.log(`${folder}: ${python} does not start, so they are left out.`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  console.log(stderr);
  return fromUnittest(stderr, status);
}

function unitTests(env) {
  const report = join(reports, "vitest.json");
  const status = run(
    "vitest",
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    env,
  );
  return fromVitest(readReport(report), status);
}

function browserTests(env) {
  if (run("vite", ["build", "--logLevel", "warn"], env) !== 0) return { passed: 0, failed: 1, skipped: 0 };
  const report = join(reports, "playwright.json");
  const status = run("playwright", ["test", "--config", "e2e", "--reporter=list,json"], {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  return fromPlaywright(readReport(report), status);
}

function run(tool, args, env) {
  const shell = process.platform === "win32";
  const program = join(root, "node_modules", ".bin", shell ? `${tool}.cmd` : tool);
  return spawnSync(program, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"], shell }).status;
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
