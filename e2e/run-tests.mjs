/**
 * Every test there is: training in Python, Vitest in Node (WGSL on Dawn), then the built page in a browser. Prints one
 * closing line, `N passed, N failed`, summed over all, and exits accordingly.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { vulkanEnvironment } from "../src/cli/vulkan.mjs";
import { ensureBrowser } from "./browser.mjs";
import { add, closingLine, fromPlaywright, fromUnittest, fromVitest } from "./totals.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = mkdtempSync(join(tmpdir(), "splatsmith-tests-"));

/** Training and exporting. */
const PYTHON_TESTS = ["models/train/tests", "models/export/sd/tests"];

process.exitCode = await main();

async function main() {
  try {
    const browser = ensureBrowser();
    console.log(`Browser: ${browser}`);
    const env = { ...process.env, CHROME_PATH: browser };
    // Python keeps to one core, and what is said of it comes when it is done.
    const [python, unit] = await Promise.all([
      pythonTests(env),
      unitTests({ ...env, ...vulkanEnvironment(browser) }),
    ]);
    const total = [...python, unit, await browserTests(env)].reduce(add);
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
async function pythonTests(env) {
  const python = process.env.PYTHON ?? "python3";
  if (spawnSync(python, ["--version"]).error) {
    console.log(`${python} does not start, so the tests in ${PYTHON_TESTS.join(" and ")} are left out.`);
    return [{ passed: 0, failed: 0, skipped: PYTHON_TESTS.length }];
  }
  const totals = [];
  for (const folder of PYTHON_TESTS) {
    const args = ["-m", "unittest", "discover", "-s", folder, "-v"];
    const child = spawn(python, args, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
    const [said, status] = await Promise.all([text(child.stderr), exitOf(child)]);
    console.log(said);
    totals.push(fromUnittest(said, status));
  }
  return totals;
}

async function unitTests(env) {
  const report = join(reports, "vitest.json");
  const status = await run(
    "vitest",
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    env,
  );
  return fromVitest(readReport(report), status);
}

async function browserTests(env) {
  if ((await run("vite", ["build", "--logLevel", "warn"], env)) !== 0)
    return { passed: 0, failed: 1, skipped: 0 };
  const report = join(reports, "playwright.json");
  const status = await run("playwright", ["test", "--config", "e2e", "--reporter=list,json"], {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  return fromPlaywright(readReport(report), status);
}

function run(tool, args, env) {
  const shell = process.platform === "win32";
  const program = join(root, "node_modules", ".bin", shell ? `${tool}.cmd` : tool);
  return exitOf(spawn(program, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"], shell }));
}

/** Exit status of a child; of one that does not start or is killed, 1. */
function exitOf(child) {
  return new Promise((done) => {
    child.once("error", () => done(1));
    child.once("close", (status) => done(status ?? 1));
  });
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
