import { expect, test, type Page } from "@playwright/test";
import { exportedFiles } from "../src/diffusion/testing/exports.ts";
import { startHub } from "../src/models/testing/hub-server.node.ts";
import { exported, openPage, openScene } from "./page.ts";
import { ballScene } from "./scenes.ts";

test("a full disk is told once, keeps nobody from working, and is got over when there is room again", async ({
  page,
  baseURL,
}) => {
  const { log, undo } = await openPage(page);
  const { name, bytes } = ballScene();
  await openScene(page, name, bytes);

  const devtools = await page.context().newCDPSession(page);
  const limit = (quotaSize?: number) =>
    devtools.send("Storage.overrideQuotaForOrigin", {
      origin: new URL(baseURL!).origin,
      ...(quotaSize !== undefined && { quotaSize }),
    });
  await limit(1000);
  const warning = log.getByText("the browser's storage is full. Export it to a file.");
  await chip(page, "All").click();
  await chip(page, "Duplicate").click();
  await expect(warning).toHaveCount(1);
  await chip(page, "Duplicate").click();
  await expect(page.getByText("900 splats in all")).toBeVisible();
  await undo.click();
  await expect(page.getByText("600 splats in all")).toBeVisible();
  expect((await exported(page)).bytes.length).toBeGreaterThan(1.9 * bytes.length);

  await test.step("a model finds no room either, and says so", async () => {
    const hub = await startHub(exportedFiles("sd15-diffusers"), { cardData: { license: "mit" } });
    try {
      await page.getByRole("button", { name: "File", exact: true }).click();
      await page.getByRole("menuitem", { name: "Models…" }).click();
      const dialog = page.getByRole("dialog", { name: "Models" });
      await dialog.getByRole("tab", { name: "From the network" }).click();
      await dialog.getByText("Use a mirror of the hub").click();
      await dialog.getByLabel("Address of the hub").fill(hub.url);
      await dialog.getByLabel("Hub repository or address").fill("owner/name");
      await dialog.locator("form").getByRole("button", { name: "Look" }).click();
      await dialog.getByRole("button", { name: /download$/ }).click();
      await expect(dialog.getByRole("alert")).toContainText("There is not enough room on the disk");
      await page.screenshot({ path: "e2e/artifacts/full-disk.png" });
      await page.keyboard.press("Escape");
    } finally {
      await hub.close();
    }
  });

  await limit();
  await chip(page, "Duplicate").click();
  await expect(log.getByText("kept safe from a crash again")).toHaveCount(1);
  await expect(warning).toHaveCount(1);
});

const chip = (page: Page, name: string) =>
  page.getByRole("complementary", { name: "Scene" }).getByRole("button", { name, exact: true });
