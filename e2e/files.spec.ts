import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { contrast, difference, exported, openFile, openPage, openScene, picture, ui } from "./page.ts";
import { ballScene, realScene } from "./scenes.ts";

const REFUSED = [
  { what: "an empty file", name: "empty.ply", bytes: Buffer.alloc(0), message: "is empty" },
  {
    what: "a picture",
    name: "photo.ply",
    bytes: Buffer.from("\x89PNG\r\n\x1a\n0000", "latin1"),
    message: "is a picture",
  },
  {
    what: "a file cut short",
    name: "short.ply",
    bytes: realScene().bytes.subarray(0, 20_000),
    message: "short.ply",
  },
  {
    what: "a mesh",
    name: "mesh.ply",
    bytes: Buffer.from(
      "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\n" +
        "element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n3 0 0 0\n",
    ),
    message: "mesh",
  },
];

test("a file that is no scene is refused in words, and the scene before stays", async ({ page }) => {
  const { canvas, problem } = await openPage(page);
  await expect.poll(async () => contrast(await picture(canvas, "refused-before"))).toBeGreaterThan(15);
  const before = await exported(page);

  for (const { what, name, bytes, message } of REFUSED) {
    await test.step(what, async () => {
      await openFile(page, name, bytes);
      await expect(problem).toContainText(message);
      expect(await problem.getByRole("paragraph").innerText()).not.toBe("");
      await page.screenshot({ path: `e2e/artifacts/refused-${name}.png` });
      await problem.getByRole("button", { name: "Close" }).click();
      await expect(problem).toBeHidden();
    });
  }
  const kept = await picture(canvas, "refused-after");
  expect(difference(await picture(canvas, "refused-after-again"), kept)).toBe(0);
  expect(contrast(kept)).toBeGreaterThan(15);
  expect((await exported(page)).bytes.equals(before.bytes)).toBe(true);
});

test("a scene leaves byte for byte as it came when nothing was edited", async ({ page }) => {
  const { canvas } = await openPage(page);
  const first = await picture(canvas, "opened-demo");
  const scene = realScene();
  await openScene(page, scene.name, scene.bytes);
  await expect.poll(async () => difference(first, await picture(canvas, "opened-real"))).toBeGreaterThan(2);
  expect((await exported(page)).bytes.equals(scene.bytes)).toBe(true);
});

test("a file may be dropped on the scene", async ({ page }) => {
  await openPage(page);
  const { name, bytes } = realScene();
  const transfer = await page.evaluateHandle(
    ({ name, base64 }) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      data.items.add(new File([bytes], name));
      return data;
    },
    { name: `dropped-${name}`, base64: bytes.toString("base64") },
  );
  await page.dispatchEvent("main", "dragover", { dataTransfer: transfer });
  await expect(page.getByText("Drop a splat scene")).toBeVisible();
  await page.dispatchEvent("main", "drop", { dataTransfer: transfer });
  await expect(ui(page).scene).toContainText(`dropped-${name}`);
});

test("a second tab on the same file is told so, and the first is left alone", async ({ page }) => {
  const { name, bytes } = realScene();
  await openPage(page);
  await openScene(page, name, bytes);
  const second = await page.context().newPage();
  await openPage(second);
  await openFile(second, name, bytes);
  await expect(ui(second).problem).toContainText("open in another tab");
  await expect(ui(second).scene).toContainText(name);
  await second.screenshot({ path: "e2e/artifacts/second-tab.png" });
  await expect(ui(page).problem).toBeHidden();

  // Another scene lets go of the file.
  await openScene(page, "other.ply", ballScene().bytes);
  await openFile(second, name, bytes);
  await expect(ui(second).log.getByText(`Opened ${name}`)).toHaveCount(2);
  await expect(ui(second).problem).toBeHidden();
});

test("an export leaves out what it is told to, and the log can be copied as a report", async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await openPage(page);
  const scene = realScene();
  await openScene(page, scene.name, scene.bytes);
  const whole = header((await exported(page)).bytes);
  expect(whole).toMatch(/f_rest_\d+/);

  await ui(page).canvas.focus();
  await page.keyboard.press("r");
  const { x, y, width, height } = (await ui(page).canvas.boundingBox())!;
  await page.mouse.move(x + 0.3 * width, y + 0.3 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.6 * width, y + 0.6 * height, { steps: 3 });
  await page.mouse.up();
  const count = page.getByText(/^[1-9][\d,]* selected$/);
  await expect(count).toBeVisible();
  const selected = Number((await count.innerText()).replace(/\D/g, ""));

  await page.getByRole("button", { name: "File", exact: true }).click();
  await page.getByRole("menuitem", { name: "Export with options…" }).click();
  const dialog = page.getByRole("dialog", { name: "Export a .ply" });
  await dialog.getByLabel("The selection only").check();
  await dialog.getByLabel("Bands of spherical harmonics").selectOption("0");
  await page.screenshot({ path: "e2e/artifacts/export-dialog.png" });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Export" }).click(),
  ]);
  const part = header(await readFile(await download.path()));
  expect(part).toContain(`element vertex ${selected}\n`);
  expect(part).not.toMatch(/f_rest_/);

  await page.getByRole("tab", { name: "Log" }).click();
  await page.getByRole("button", { name: "Copy as report" }).click();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toContain(`Opened ${scene.name}`);
  expect(report).toContain(`GPU: `);
});

const header = (file: Buffer): string => file.subarray(0, file.indexOf("end_header")).toString();
