import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { EMBEDDED_MODELS } from "./src/diffusion/embedded-models.ts";

/** Threads in wasm need a cross-origin isolated page. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** The worker is a build inside the build and takes most of its time; that is no news. */
const quiet = { checks: { pluginTimings: false } };

/**
 * Publishes a folder of the repository at its own path in the build too. The development server does so anyway, and
 * Node reads it from disk, so the embedded models lie in one place for all three.
 */
function publish(folder: string): Plugin {
  return {
    name: `publish:${folder}`,
    apply: "build",
    generateBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        this.emitFile({ type: "asset", fileName: path.replaceAll("\\", "/"), source: readFileSync(path) });
      }
    },
  };
}

export default defineConfig({
  // A missing file is a 404, not the page.
  appType: "mpa",
  plugins: [react(), ...EMBEDDED_MODELS.map(({ folder }) => publish(folder))],
  // Else every page in the tree is looked at, those of a Python environment included.
  optimizeDeps: { entries: ["index.html"] },
  server: { headers: isolation, watch: { ignored: ["**/.cache/**"] } },
  preview: { headers: isolation },
  worker: { format: "es", rolldownOptions: quiet },
  build: { target: "es2023", chunkSizeWarningLimit: 1200, rolldownOptions: quiet },
  test: {
    include: ["src/**/*.test.ts"],
    environment: "node",
    maxWorkers: "100%",
    // As long as a busy machine without a GPU may take; no test measures time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
