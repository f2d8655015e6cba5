import { accessSync, constants, existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** Names on PATH, most wanted first. */
const PATH_NAMES = [
  "google-chrome",
  "google-chrome-stable",
  "chromium",
  "chromium-browser",
  "chrome",
  "microsoft-edge",
];

/** Where installers put it, by platform. */
const USUAL_PLACES = {
  darwin: () =>
    ["/Applications", join(homedir(), "Applications")].flatMap((folder) => [
      `${folder}/Google Chrome.app/Contents/MacOS/Google Chrome`,
      `${folder}/Chromium.app/Contents/MacOS/Chromium`,
      `${folder}/Microsoft Edge.app/Contents/MacOS/Microsoft Edge`,
    ]),
  win32: () =>
    ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"]
      .map((name) => process.env[name])
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, "Google/Chrome/Application/chrome.exe"),
        join(folder, "Chromium/Application/chrome.exe"),
        join(folder, "Microsoft/Edge/Application/msedge.exe"),
      ]),
  linux: () => ["/opt/google/chrome/chrome", "/usr/lib/chromium/chromium", "/snap/bin/chromium"],
};

/** Playwright's download folder, and the executable inside one of its `chromium-<revision>` folders. */
const PLAYWRIGHT_CACHE = {
  darwin: () => join(homedir(), "Library/Caches/ms-playwright"),
  win32: () => join(process.env.LOCALAPPDATA ?? homedir(), "ms-playwright"),
  linux: () => join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "ms-playwright"),
};
const PLAYWRIGHT_EXECUTABLES = [
  "chrome-linux64/chrome",
  "chrome-linux/chrome",
  "chrome-win64/chrome.exe",
  "chrome-win/chrome.exe",
  "chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
  "chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
  "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * The Chrome, Chromium or Edge of this machine: `CHROME_PATH`, else a name on PATH, else the usual places, else
 * what Playwright downloaded.
 * @returns {string | undefined} path of the executable
 */
export function findBrowser() {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) return isExecutable(CHROME_PATH) ? CHROME_PATH : undefined;
  return [...onPath(), ...(USUAL_PLACES[process.platform]?.() ?? []), ...fromPlaywright()].find(isExecutable);
}

/**
 * The software Vulkan driver that Chrome and Chromium carry (SwiftShader), for machines without a GPU: the driver's
 * manifest, and the folder of the Vulkan loader beside it.
 * @param {string | undefined} browser path of the executable
 * @returns {{ icd: string, loaderFolder: string } | undefined}
 */
export function findSoftwareVulkan(browser = findBrowser()) {
  const folders = [
    ...(browser ? [dirname(realpathSync(browser))] : []),
    "/usr/lib/chromium",
    "/usr/lib/chromium-browser",
    "/opt/google/chrome",
    "/opt/microsoft/msedge",
    "/snap/chromium/current/usr/lib/chromium-browser",
    ...fromPlaywright().map((path) => dirname(path)),
  ];
  const found = folders.find(
    (folder) =>
      existsSync(join(folder, "vk_swiftshader_icd.json")) && existsSync(join(folder, "libvulkan.so.1")),
  );
  return found && { icd: join(found, "vk_swiftshader_icd.json"), loaderFolder: found };
}

/**
 * Whether a real GPU can be expected. Only Linux has machines (containers, CI) where Dawn finds none; there the
 * kernel's device nodes tell. `SPLATSMITH_GPU=software` or `=hardware` overrules.
 */
export function hasHardwareGpu() {
  const { SPLATSMITH_GPU } = process.env;
  if (SPLATSMITH_GPU) return SPLATSMITH_GPU !== "software";
  if (process.platform !== "linux") return true;
  if (existsSync("/dev/nvidia0")) return true;
  return existsSync("/dev/dri") && readdirSync("/dev/dri").some((name) => name.startsWith("renderD"));
}

function onPath() {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return PATH_NAMES.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
}

function fromPlaywright() {
  const root = process.env.PLAYWRIGHT_BROWSERS_PATH || PLAYWRIGHT_CACHE[process.platform]?.();
  if (!root || !existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
    .flatMap((name) => PLAYWRIGHT_EXECUTABLES.map((executable) => join(root, name, executable)))
    .filter((path) => existsSync(path));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
