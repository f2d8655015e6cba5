/** Everything that can be opened, in every state of it: nothing for axe to find, dark and light, wide and upright. */
import { expect, test, type Locator, type Page } from "@playwright/test";
import { expectAccessibleInBoth } from "./axe.ts";
import { openPage, openScene, ui } from "./page.ts";
import { hangingScene } from "./scenes.ts";

const SCREENS = [
  [1280, 720],
  [768, 1024],
] as const;

/** Each once: those that the tests before it have left. */
const names = async (locator: Locator): Promise<readonly string[]> =>
  locator.evaluateAll((elements) => elements.map((element) => element.ariaLabel ?? element.textContent));

async function menus(page: Page, name: string): Promise<void> {
  const bar = page.getByRole("navigation", { name: "Menus" });
  for (const group of await names(bar.getByRole("button"))) {
    await bar.getByRole("button", { name: group, exact: true }).click();
    await expect(page.getByRole("menu")).toBeVisible();
    await expectAccessibleInBoth(page, `${name}-menu-${group}`);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menu")).toBeHidden();
  }
}

/** Dialogs, by what opens them. */
const DIALOGS = [
  ["File", "Open address…"],
  ["File", "Models…"],
  ["File", "Export with options…"],
  ["File", "Save a picture or film…"],
  ["Help", "Search all commands"],
  ["Help", "Keyboard shortcuts"],
] as const;

async function dialogs(page: Page, name: string): Promise<void> {
  for (const [group, item] of DIALOGS) {
    await page.getByRole("navigation").getByRole("button", { name: group, exact: true }).click();
    await page.getByRole("menuitem", { name: item }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    await expectAccessibleInBoth(page, `${name}-dialog-${item.replace(/\W+/g, "-")}`);
    for (const tab of (await names(dialog.getByRole("tab"))).slice(1)) {
      await dialog.getByRole("tab", { name: tab }).click();
      await expectAccessibleInBoth(page, `${name}-dialog-${tab.replace(/\W+/g, "-")}`);
    }
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  }
}

/** Tools whose options differ, each with its tooltip. */
const TOOLS = ["Rectangle selection", "Brush selection", "Flood selection", "Sphere volume", "Box volume"];

async function tools(page: Page, name: string): Promise<void> {
  const strip = page.getByRole("toolbar", { name: "Tools" });
  for (const tool of TOOLS) {
    await strip.getByRole("button", { name: tool }).click(); // the pointer stays, so its tooltip comes
    await expect(page.getByRole("tooltip")).toBeVisible();
    await expectAccessibleInBoth(page, `${name}-tool-${tool.replace(/\W+/g, "-")}`);
  }
  await page.mouse.move(0, 0);
  await page.keyboard.press("Escape");
}

async function dock(page: Page, name: string): Promise<void> {
  for (const tab of ["Progress", "History", "Edits", "Log"]) {
    await page.getByRole("tab", { name: tab }).click();
    await expectAccessibleInBoth(page, `${name}-tab-${tab}`);
  }
}

/** Both side panels, one after the other where there is no room for both, with every section open. */
async function panels(page: Page, name: string): Promise<void> {
  for (const panel of ["Scene panel", "Edit panel"]) {
    const button = page.getByRole("banner").getByRole("button", { name: panel });
    if ((await button.getAttribute("aria-pressed")) === "false") await button.click();
    await button.hover();
    await expect(page.getByRole("tooltip")).toBeVisible();
    await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
    await expectAccessibleInBoth(page, `${name}-${panel.replace(" ", "-")}`);
    if (panel === "Scene panel") {
      await page.getByRole("button", { name: /^More of/ }).click();
      await expectAccessibleInBoth(page, `${name}-menu-layer`);
      await page.keyboard.press("Escape");
    }
  }
}

async function edits(page: Page, name: string): Promise<void> {
  const { steps, edit, log } = ui(page);
  await steps.fill("1");
  await edit.click();
  await expect(log).toContainText("Edit finished");
  await page.getByRole("tab", { name: "Edits" }).click();
  await page.getByRole("button", { name: /^More of “/ }).click();
  await expectAccessibleInBoth(page, `${name}-menu-edit`);
  await page.keyboard.press("Escape");
}

async function recovery(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Unsaved work was found" });
  await expect(async () => {
    await page.reload(); // its last change may not be on the disk yet
    await expect(dialog).toBeVisible({ timeout: 30_000 });
  }).toPass();
  await expectAccessibleInBoth(page, `${name}-dialog-recovery`);
}

for (const [width, height] of SCREENS) {
  test(`nothing for axe to find at ${width} × ${height}, dark and light`, async ({ page }) => {
    test.slow();
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: "reduce" });
    await openPage(page);
    const hanging = hangingScene();
    await openScene(page, hanging.name, hanging.bytes);
    await expect(ui(page).edit).toBeDisabled(); // the words of the demo have gone with it
    await ui(page).source.fill("a photo of a red apple on grass");
    await ui(page).target.fill("a photo of a blue apple on grass");
    await expect(page.getByRole("complementary", { name: "Orientation" })).toBeVisible();
    await expect(ui(page).edit).toBeEnabled();
    for (const part of [menus, dialogs, tools, dock, panels, edits, recovery]) {
      await test.step(part.name, () => part(page, `axe-${width}`));
    }
  });
}
