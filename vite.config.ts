import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { runnerImport, type Plugin } from "vite";
import { VitePWA, type VitePWAOptions } from "vite-plugin-pwa";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { EMBEDDED_MODELS } from "./src/diffusion/embedded-models.ts";
import type * as Formats from "./src/formats/index.ts";
import { ISOLATION } from "./src/isolated.ts";

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

/** What the registry of formats reads, which only Vite can load. */
async function acceptedFiles(): Promise<typeof Formats.acceptedFiles> {
  const { module } = await runnerImport<typeof Formats>("./src/formats/index.ts");
  return module.acceptedFiles;
}

/** Installable, and all there without a network: the first edit needs every file but the larger model. */
const pwa = (accept: typeof Formats.acceptedFiles): Partial<VitePWAOptions> => ({
  strategies: "injectManifest",
  srcDir: "src",
  filename: "service-worker.ts",
  registerType: "prompt",
  injectRegister: false,
  includeManifestIcons: false, // their names end in .png and .svg as it is
  injectManifest: {
    globPatterns: ["**/*.{html,js,mjs,css,wasm,svg,png,ply,json,onnx}"],
    globIgnores: [`${EMBEDDED_MODELS[1].folder}/**`, "pictures/**"],
    maximumFileSizeToCacheInBytes: 64 << 20, // ONNX Runtime's wasm has 27 MB
  },
  manifest: {
    name: "Splatsmith",
    short_name: "Splatsmith",
    description: "Edit 3D Gaussian splat scenes from words, in the browser.",
    categories: ["graphics", "photo", "productivity"],
    theme_color: "#15181e",
    background_color: "#0e1014",
    display: "standalone",
    start_url: ".",
    icons: [
      { src: "icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "icons/192.png", sizes: "192x192", type: "image/png" },
      { src: "icons/512.png", sizes: "512x512", type: "image/png" },
      { src: "icons/maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
    file_handlers: [{ action: ".", accept }],
    // A file that is opened never takes the place of one that is being worked on.
    launch_handler: { client_mode: "navigate-new" },
  },
});

export default defineConfig(async ({ command }): Promise<ViteUserConfig> => ({
  // A missing file is a 404, not the page.
  appType: "mpa",
  plugins: [
    react(),
    ...EMBEDDED_MODELS.map(({ folder }) => publish(folder)),
    VitePWA(pwa(command === "build" ? await acceptedFiles() : {})),
  ],
  // Else every page in the tree is looked at, those of a Python environment included.
  optimizeDeps: { entries: ["index.html"] },
  server: { headers: ISOLATION, watch: { ignored: ["**/.cache/**"] } },
  preview: { headers: ISOLATION },
  worker: { format: "es", rolldownOptions: quiet },
  build: { target: "es2023", chunkSizeWarningLimit: 1200, rolldownOptions: quiet },
  test: {
    include: ["src/**/*.test.ts"],
    environment: "node",
    maxWorkers: "100%",
    env: { SPLATSMITH_THREADS: "1" }, // every core has a worker of its own
    // As long as a busy machine without a GPU may take; no test measures time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
}));
