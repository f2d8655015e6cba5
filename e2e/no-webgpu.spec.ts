import { expect, test } from "@playwright/test";
import { ensureBrowser } from "./browser.mjs";
import { ui } from "./page.ts";

// A browser whose hardware acceleration is switched off: it has WebGPU's interface and no adapter behind it.
test.use({
  launchOptions: {
    executablePath: ensureBrowser(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  },
});

test("without a GPU the page says what to do, and offers nothing that needs one", async ({ page }) => {
  await page.goto("./");
  const { problem, edit } = ui(page);
  await expect(problem).toContainText("WebGPU found no graphics adapter.");
  await expect(problem).toContainText("hardware acceleration");
  await expect(edit).toBeDisabled();
  await page.screenshot({ path: "e2e/artifacts/no-webgpu.png" });
});
