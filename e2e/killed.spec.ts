import { expect, test, type BrowserContext, type Page } from "@playwright/test";
import { openFile, ui } from "./page.ts";
import { realScene } from "./scenes.ts";

/** After a change, before the tab is killed, ms: before, while and after it is written to disk. */
const MOMENTS = [0, 900, 1300];

test("a tab that crashes leaves its work and its history to the next one", async ({ context }) => {
  let page = await visit(context);
  const { name, bytes } = realScene();
  await openFile(page, name, bytes);
  await expect(ui(page).scene).toHaveText(name);
  const opened = await splats(page);

  await chip(page, "All").click();
  await chip(page, "Duplicate").click();
  let sure = await changed(page, opened);
  await expect.poll(() => savedChanges(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(2);

  for (const moment of MOMENTS) {
    await chip(page, "Duplicate").click();
    const latest = await changed(page, sure);
    await page.waitForTimeout(moment);
    await crash(context, page);
    page = await visit(context);
    await page.getByRole("button", { name: "Recover" }).click();
    await expect(ui(page).scene).toHaveText(name);
    await expect.poll(async () => [sure, latest].includes(await splats(page))).toBe(true);
    sure = await splats(page);
  }
  await page.screenshot({ path: "e2e/artifacts/recovered.png" });
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("button", { name: "As opened" }).click();
  await expect.poll(() => splats(page)).toBe(opened);
});

const chip = (page: Page, name: string) =>
  page.getByRole("complementary", { name: "Scene" }).getByRole("button", { name, exact: true });

async function visit(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto("./");
  await expect(ui(page).scene).toHaveText("red-apple.ply");
  return page;
}

/** The renderer's process dies, as when memory runs out: nothing of the page's code runs any more. */
async function crash(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  void devtools.send("Page.crash").catch(() => undefined); // nobody is left to answer
  await crashed;
  await page.close();
}

async function splats(page: Page): Promise<number> {
  const text = await page.getByText(/ splats in all$/).innerText();
  return Number(text.replace(/\D/g, ""));
}

async function changed(page: Page, from: number): Promise<number> {
  await expect.poll(() => splats(page)).not.toBe(from);
  return splats(page);
}

/** How many changes the journal on disk has; 0 while it is being written. */
const savedChanges = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    let most = 0;
    const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      for await (const handle of folder.values()) {
        if (handle.kind === "directory") await walk(handle);
        else if (handle.name.startsWith("manifest")) {
          const text = await (await handle.getFile()).text();
          most = Math.max(most, Number(/"cursor":(\d+)/.exec(text)?.[1] ?? 0));
        }
      }
    };
    await walk(await navigator.storage.getDirectory()).catch(() => undefined);
    return most;
  });
