import { expect, test } from "@playwright/test";
import { engineOf } from "./losses.ts";
import { difference, exported, openPage, openScene, picture } from "./page.ts";
import { ballScene } from "./scenes.ts";

test("what the GPU has no room for is not done, in words, and goes once there is room", async ({ page }) => {
  const { canvas, problem } = await openPage(page);
  const { name, bytes } = ballScene();
  await openScene(page, name, bytes);
  const duplicate = page
    .getByRole("complementary", { name: "Scene" })
    .getByRole("button", { name: "Duplicate", exact: true });
  await page.keyboard.press("Control+a");
  await expect(duplicate).toBeEnabled();
  const before = await picture(canvas, "no-room-before");

  // A device that is full says so of the next buffer. Filling one for real would take the machine along.
  await engineOf(page).evaluate(() => {
    const { popErrorScope } = GPUDevice.prototype;
    GPUDevice.prototype.popErrorScope = async function () {
      GPUDevice.prototype.popErrorScope = popErrorScope;
      await popErrorScope.call(this);
      return new GPUOutOfMemoryError("no room");
    };
  });
  await duplicate.click();
  await expect(problem).toContainText("The GPU has no memory left for that.");
  await page.screenshot({ path: "e2e/artifacts/no-room.png" });
  await expect(page.getByText("300 splats in all")).toBeVisible();
  expect(difference(before, await picture(canvas, "no-room-after"))).toBe(0);

  await problem.getByRole("button", { name: "Close" }).click();
  await duplicate.click();
  await expect(page.getByText("600 splats in all")).toBeVisible();
  await expect(problem).toBeHidden();
  expect((await exported(page)).bytes.length).toBeGreaterThan(1.9 * bytes.length);
});
