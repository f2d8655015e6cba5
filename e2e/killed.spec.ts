import { expect, test, type BrowserContext, type Page } from "@playwright/test";
import { createRng } from "../src/core/rng.ts";
import { exported, openScene, ui } from "./page.ts";
import { ballScene } from "./scenes.ts";
import { fillIn, TARGET, undisturbed } from "./short-edit.ts";

test.use({ viewport: { width: 1110, height: 600 } });

/** A change is written to disk a second after it was made. */
const UNTIL_SAVED = 1000; // ms

test("a tab that crashes at any moment leaves its work and its history to the next one", async ({
  context,
}) => {
  test.slow();
  const rng = createRng("kills");
  let page = await visit(context);
  await expect(ui(page).scene).toHaveText("red-apple.ply");
  const { name, bytes } = ballScene();
  await openScene(page, name, bytes);
  const opened = await splats(page);

  await chip(page, "All").click();
  await chip(page, "Duplicate").click();
  let sure = await changed(page, opened);
  await expect.poll(async () => (await saved(page)).changes, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);

  const reopened = async (): Promise<void> => {
    await crash(context, page);
    page = await visit(context);
    const found = page.getByRole("dialog", { name: "Unsaved work was found" });
    await expect(found.getByRole("listitem")).toHaveCount(1);
    await expect(found.locator("img")).toBeVisible();
    await expect(found).toContainText(new Date().getFullYear().toString());
    await page.screenshot({ path: "e2e/artifacts/recover-or-discard.png" });
    await found.getByRole("button", { name: "Recover" }).click();
    await expect(ui(page).log).toContainText(`Recovered ${name}`);
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
    const { edit, pause } = ui(page);
    await fillIn(page, 1000);
    await edit.click();
    await expect(pause).toBeVisible();
    if (isWritten) await expect.poll(async () => (await saved(page)).labels.at(-1)).toBe(TARGET);
    await reopened();
    await expect.poll(() => splats(page)).toBe(sure);
    await page.getByRole("tab", { name: "History" }).click();
    await expect(page.getByRole("button", { name: TARGET })).toHaveCount(1); // the second run had no step
  }
  await page.screenshot({ path: "e2e/artifacts/recovered.png" });

  await test.step("each document of the history is what it was, byte for byte", async () => {
    const edited = (await exported(page)).bytes;
    await page.getByRole("tab", { name: /^Edits/ }).click();
    const made = page.getByText(/ steps? · seed /);
    await expect(made).toHaveCount(1);
    const steps = Number(/(\d+) step/.exec(await made.innerText())![1]);
    await ui(page).undo.click();
    expect((await undisturbed(page, steps)).equals(edited)).toBe(true);

    await page.getByRole("tab", { name: "History" }).click();
    const entries = page.getByRole("list", { name: /^History/ }).getByRole("button");
    for (let i = (await entries.count()) - 2; i >= 0; i--) {
      await entries.nth(i).click();
      await expect(entries.nth(i)).toHaveAttribute("aria-current", "step");
      expect((await exported(page)).bytes.equals(copies(bytes, Math.max(1, i))), `entry ${i}`).toBe(true);
    }
    expect(await splats(page)).toBe(opened);
  });
});

test("unsaved work of a tab that is gone can be left for later, and discarded", async ({ context }) => {
  const found = () => page.getByRole("dialog", { name: "Unsaved work was found" });
  let page = await visit(context);
  await expect(ui(page).scene).toHaveText("red-apple.ply");
  await chip(page, "All").click();
  await chip(page, "Delete").click();
  await expect.poll(async () => (await saved(page)).changes).toBe(2);
  await crash(context, page);

  page = await visit(context);
  await found().getByRole("button", { name: "Later" }).click();
  await expect(found()).toBeHidden();
  await page.close();
  page = await visit(context);
  await found().getByRole("button", { name: "Discard" }).click();
  await expect(found()).toBeHidden();
  await expect.poll(() => splats(page)).toBeGreaterThan(0); // of the demo scene
  await page.reload();
  await expect(ui(page).edit).toBeEnabled();
  await expect(found()).toBeHidden();
});

/** The file of so many copies of a scene, which are there one after the other. */
function copies(file: Buffer, count: number): Buffer {
  const end = file.indexOf("end_header\n") + "end_header\n".length;
  const header = file
    .subarray(0, end)
    .toString()
    .replace(/(?<=element vertex )\d+/, (splats) => String(count * Number(splats)));
  return Buffer.concat([Buffer.from(header), ...Array<Buffer>(count).fill(file.subarray(end))]);
}

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
