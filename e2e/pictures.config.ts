import { defineConfig } from "@playwright/test";
import config from "./playwright.config.ts";

/** `npx vite build && npx playwright test --config e2e/pictures.config.ts`: the README's pictures of the page. */
export default defineConfig(config, {
  testMatch: "pictures.ts",
  retries: 0,
  timeout: 1_800_000,
  expect: { timeout: 1_500_000 },
  use: { viewport: { width: 1600, height: 1000 }, colorScheme: "dark", trace: "off" },
});
