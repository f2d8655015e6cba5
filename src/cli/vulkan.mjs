import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { findSoftwareVulkan, hasHardwareGpu } from "./find-browser.mjs";

/** Where Linux keeps the Vulkan loader and the manifests of installed drivers. */
const LOADER_FOLDERS = [
  ...["x86_64", "aarch64"].flatMap((cpu) => [`/usr/lib/${cpu}-linux-gnu`, `/lib/${cpu}-linux-gnu`]),
  "/usr/lib64",
  "/usr/lib",
  "/usr/local/lib",
];
const DRIVER_FOLDERS = [
  "/usr/share/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d",
  "/etc/vulkan/icd.d",
  join(homedir(), ".local/share/vulkan/icd.d"),
];

/**
 * Environment variables under which Dawn finds a Vulkan driver in Node. Empty where it finds one by itself: on macOS
 * and Windows, and on Linux with a GPU and its driver, or if the user has named a driver. Otherwise they name the
 * software driver that Chrome and Chromium carry. The dynamic linker reads them when a process starts, so they must
 * be set before Node does.
 * @param {string} [browser] executable whose driver to take
 * @returns {Record<string, string>}
 */
export function vulkanEnvironment(browser) {
  const { env } = process;
  if (process.platform !== "linux" || env.VK_ICD_FILENAMES || env.VK_DRIVER_FILES) return {};
  if (hasHardwareGpu() && hasSystemVulkan()) return {};
  const software = findSoftwareVulkan(browser);
  if (!software) return {};
  const libraries = [software.loaderFolder, env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  return { VK_ICD_FILENAMES: software.icd, LD_LIBRARY_PATH: libraries };
}

function hasSystemVulkan() {
  const libraries = [...LOADER_FOLDERS, ...(process.env.LD_LIBRARY_PATH ?? "").split(delimiter)];
  const hasLoader = libraries.some((folder) => folder && existsSync(join(folder, "libvulkan.so.1")));
  const hasDriver = DRIVER_FOLDERS.some(
    (folder) => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(".json")),
  );
  return hasLoader && hasDriver;
}
