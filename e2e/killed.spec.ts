import { expect, test, type BrowserContext, type Page } from "@playwright/test";
import { createRng } from "../src/core/rng.ts";
import { openFile, ui } from "./page.ts";
import { ballScene } from "./scenes.ts";

test.use({ viewport: { width: 1110, height: 600 } });

/** A change is written to disk a second after it was made. */
const UNTIL_SAVED = 1000; // ms
const TARGET = "a photo of a blue apple on grass";

test("a tab that crashes at any moment leaves its work and its history to the next one", async ({
  context,
}) => {
  test.slow();
  const rng = createRng("kills");
  let page = await visit(context);
  await expect(ui(page).scene).toHaveText("red-apple.ply");
  const { name, bytes } = ballScene();
  await openFile(page, name, bytes);
  await expect(ui(page).scene).toHaveText(name);
  const opened = await splats(page);

  await chip(page, "All").click();
  await chip(page, "Duplicate").click();
  let sure = await changed(page, opened);
  await expect.poll(async () => (await saved(page)).changes, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);

  const reopened = async (): Promise<void> => {
    await crash(context, page);
    page = await visit(context);
    await page.getByRole("button", { name: "Recover" }).click();
    await expect(ui(page).scene).toHaveText(name);
  };
  // Between changes, before one is written, while it is, and after.
  const moments = [0, ...Array.from({ length: 7 }, () => Math.floor(rng.range(0.5, 1.5) * UNTIL_SAVED))];
  for (const moment of moments) {
    await chip(page, "Duplicate").click();
    const latest = await changed(page, sure);
    await page.waitForTimeout(moment);
    await reopened();
    await expect.poll(async () => [sure, latest].includes(await splats(page))).toBe(true);
    sure = await splats(page);
  }

  for (const isWritten of [true, false]) {
    const { source, target, steps, edit, progress } = ui(page);
    await expect(edit).toBeEnabled();
    await source.fill("a photo of a red apple on grass");
    await target.fill(TARGET);
    await steps.fill("1000");
    await edit.click();
    await expect(progress).toHaveAttribute("aria-valuenow", /^[1-9]/);
    if (isWritten) await expect.poll(async () => (await saved(page)).labels.at(-1)).toBe(TARGET);
    await reopened();
    await expect.poll(() => splats(page)).toBe(sure);
    await page.getByRole("tab", { name: "History" }).click();
    await expect(page.getByRole("button", { name: TARGET })).toHaveCount(1); // the second run was not written
  }
  await page.screenshot({ path: "e2e/artifacts/recovered.png" });
  await page.getByRole("button", { name: "As opened" }).click();
  await expect.poll(() => splats(page)).toBe(opened);
});

const chip = (page: Page, name: string) =>
  page.getByRole("complementary", { name: "Scene" }).getByRole("button", { name, exact: true });

async function visit(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto("./");
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

interface Saved {
  readonly changes: number;
  readonly labels: readonly string[];
}

/** What the journal on disk has; nothing while it is being written. */
const saved = (page: Page): Promise<Saved> =>
  page.evaluate(async () => {
    let newest = { generation: 0, cursor: 0, labels: [] as string[] };
    const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      for await (const handle of folder.values()) {
        if (handle.kind === "directory") await walk(handle);
        else if (handle.name.startsWith("manifest")) {
          const text = await (await handle.getFile()).text();
          const manifest = JSON.parse(text.slice(text.indexOf("\n") + 1)) as typeof newest;
          if (manifest.generation > newest.generation) newest = manifest;
        }
      }
    };
    await walk(await navigator.storage.getDirectory()).catch(() => undefined);
    return { changes: newest.cursor, labels: newest.labels };
  });
