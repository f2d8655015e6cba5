import { expect, test } from "@playwright/test";
import { contrast, exported, openFile, openPage, picture, ui } from "./page.ts";
import { realScene } from "./scenes.ts";

test("when the GPU process dies during an edit, the scene stays and work goes on", async ({
  page,
  browser,
}) => {
  const { canvas, source, target, steps, edit, progress, log } = await openPage(page);
  const scene = realScene();
  await openFile(page, scene.name, scene.bytes);
  await expect(ui(page).scene).toContainText(scene.name);
  await source.fill("a photo of a red apple on grass");
  await target.fill("a photo of a blue apple on grass");
  await steps.fill("200");
  await edit.click();
  await expect(progress).toHaveAttribute("aria-valuenow", /[2-9]/);

  const devtools = await browser.newBrowserCDPSession();
  await devtools.send("Browser.crashGpuProcess");

  await expect(log).toContainText("GPU was lost");
  await expect(edit).toBeEnabled();
  await expect.poll(async () => contrast(await picture(canvas, "after-loss"))).toBeGreaterThan(5);
  const kept = await exported(page);
  expect(kept.bytes.length).toBe(scene.bytes.length);
  await page.screenshot({ path: "e2e/artifacts/after-loss.png" });

  await steps.fill("1");
  await edit.click();
  await expect(log).toContainText("Edit finished after 1 step ");
  expect((await exported(page)).bytes.equals(kept.bytes)).toBe(false);
});
