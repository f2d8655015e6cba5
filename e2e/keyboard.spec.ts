/** An edit by keyboard alone, from the open scene to the exported file; and nothing on the way for axe to find. */
import { expect, test, type Locator } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { difference, openPage, openScene, picture } from "./page.ts";
import { ballScene } from "./scenes.ts";

const MOST_STOPS = 150;

/** Goes on with the tab key until there. */
async function tabTo(target: Locator): Promise<void> {
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let stops = 0; !(await isThere()); stops++) {
    expect(stops, `the tab key comes to ${String(target)}`).toBeLessThan(MOST_STOPS);
    await target.page().keyboard.press("Tab");
  }
}

test("an edit without a mouse, from the words to the exported file", async ({ page }) => {
  const { canvas, source, target, steps, edit, progress, resume, log } = await openPage(page);
  const { keyboard } = page;
  const ball = ballScene();
  await openScene(page, ball.name, ball.bytes);

  await test.step("light and dark", async () => {
    for (const other of ["dark", "light"]) {
      await expectAccessible(page, `keyboard-before-${other}`);
      await tabTo(page.getByRole("button", { name: `Use the ${other} scheme` }));
      await keyboard.press("Enter");
    }
  });

  await test.step("words, steps and start", async () => {
    for (const [field, text] of [
      [source, "a photo of a red ball on grass"],
      [target, "a photo of a blue ball on grass"],
      [steps, "300"],
    ] as const) {
      await tabTo(field);
      await keyboard.press("ControlOrMeta+a");
      await keyboard.type(text);
    }
    await tabTo(edit);
    await keyboard.press("Enter");
    await expect(progress).toHaveAttribute("aria-valuenow", /[1-9]/);
    await expect(page.getByText(/left$/)).toBeVisible();
    await expectAccessible(page, "keyboard-run");
  });

  await test.step("the view turns meanwhile", async () => {
    await tabTo(canvas);
    await keyboard.press("Space");
    await expect(resume).toBeVisible();
    const before = await picture(canvas, "keyboard-view");
    for (let i = 0; i < 4; i++) await keyboard.press("ArrowLeft");
    await expect
      .poll(async () => difference(before, await picture(canvas, "keyboard-turned")))
      .toBeGreaterThan(0.1);
    await keyboard.press("Space");
  });

  await test.step("stopped and kept, compared, tried again with another seed", async () => {
    await keyboard.press("ControlOrMeta+Shift+Enter");
    await expect(log).toContainText("Edit stopped and kept after");
    await tabTo(canvas);
    await keyboard.press("y");
    const line = page.getByRole("slider", { name: "Line between original and scene" });
    await tabTo(line);
    await keyboard.press("ArrowRight");
    await expect(line).toHaveAttribute("aria-valuenow", "52");
    await keyboard.press("y");
    await expect(line).toBeHidden();
    await keyboard.press("Shift+N");
    await expect(page.getByLabel("Seed")).toHaveValue("1");
    await expect(progress).toHaveAttribute("aria-valuenow", /[1-9]/);
    await keyboard.press("ControlOrMeta+Shift+Enter");
    await expect(edit).toBeEnabled();
  });

  await test.step("the palette, the sheet of keys, and the file", async () => {
    await keyboard.press("ControlOrMeta+k");
    await keyboard.type("r"); // no tool's key any more, though the field may not be there yet
    await expect(page.getByLabel("Search commands")).toBeFocused();
    await keyboard.press("ControlOrMeta+a");
    await keyboard.type("shortcuts");
    await expect(page.getByRole("toolbar", { name: "Tool options" })).toBeHidden();
    await expectAccessible(page, "keyboard-palette");
    await keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await expectAccessible(page, "keyboard-sheet");
    await keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      keyboard.press("ControlOrMeta+Shift+e"),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.ply$/);
  });
});
