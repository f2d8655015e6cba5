import { defineConfig } from "@playwright/test";
import { ensureBrowser, launchFlags } from "./browser.mjs";

const port = Number(process.env["SPLATSMITH_PORT"] ?? 4187);

/** The built page in a real browser with real WebGPU. One worker: the GPU, or the two cores that stand in for it, is one. */
export default defineConfig({
  testDir: ".",
  outputDir: "artifacts/results",
  workers: 1,
  // A busy machine without a GPU can starve or kill a browser: there, a test is tried again, and named as flaky.
  retries: process.env["CI"] ? 2 : 0,
  forbidOnly: true,
  timeout: 480_000,
  expect: { timeout: 150_000 },
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
    serviceWorkers: "block", // keeping the whole page for each test takes time; offline.spec.ts allows them
    // A trace slows a busy machine, so where tests are tried again it waits for that.
    trace: process.env["CI"] ? "on-first-retry" : "retain-on-failure",
    launchOptions: { executablePath: ensureBrowser(), args: launchFlags() },
  },
  webServer: {
    command: `npx vite preview --host 127.0.0.1 --port ${port} --strictPort`,
    cwd: "..",
    port,
    reuseExistingServer: false,
    timeout: 60_000,
  },
});
