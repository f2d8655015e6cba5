import { spawnSync } from "node:child_process";
import { findBrowser, hasHardwareGpu } from "../src/cli/find-browser.mjs";

/** WebGPU on SwiftShader, with canvases that present and can be photographed; for machines without a GPU. */
const SOFTWARE_GPU = [
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-angle=swiftshader",
];

/** A browser that talks to nobody, whatever the adapter. */
const COMMON = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--ignore-gpu-blocklist",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

/** Command-line flags for headless tests. */
export const launchFlags = () => [...COMMON, ...(hasHardwareGpu() ? [] : SOFTWARE_GPU)];

/** Ways to get a browser where there is none, tried in this order. */
const INSTALLERS = [
  {
    label: "Playwright's Chromium",
    applies: () => true,
    commands: [["npx", "playwright", "install", "chromium"]],
  },
  {
    label: "the system's Chromium (apt-get)",
    applies: () => process.platform === "linux" && process.getuid?.() === 0 && runs("apt-get", "--version"),
    commands: [
      ["apt-get", "update", "-q"],
      ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"],
    ],
  },
];

const HELP = `No Chrome or Chromium found, and none could be installed. One of these helps:
  - npx playwright install --with-deps chromium
  - Debian, Ubuntu:  sudo apt-get install chromium
  - macOS:           brew install --cask google-chrome
  - Windows:         winget install Google.Chrome
  - or point CHROME_PATH at the executable of one you have.`;

/**
 * The browser the tests run in, installed first where there is none.
 * @returns {string} path of the executable
 * @throws {Error} with what to do, when nothing worked
 */
export function ensureBrowser() {
  const present = startable();
  if (present) return present;
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH)
    throw new Error(`CHROME_PATH names ${CHROME_PATH}, which does not start. Correct or unset it.`);
  for (const { label, applies, commands } of INSTALLERS) {
    if (!applies()) continue;
    console.log(`No Chrome or Chromium here: installing ${label} …`);
    if (!commands.every(([program, ...rest]) => runs(program, ...rest))) continue;
    const installed = startable();
    if (installed) return installed;
  }
  throw new Error(HELP);
}

/** A download without its system libraries is no browser: it has to say its version. */
function startable() {
  const path = findBrowser();
  // Chrome on Windows opens a window instead of answering.
  return path && (process.platform === "win32" || runs(path, "--version")) ? path : undefined;
}

function runs(program, ...rest) {
  const { status } = spawnSync(program, rest, {
    stdio: ["ignore", rest[0] === "--version" ? "ignore" : "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeout: 10 * 60_000,
    shell: process.platform === "win32",
  });
  return status === 0;
}
