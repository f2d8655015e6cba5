import { expect, test } from "@playwright/test";
import { contrast, difference, openPage, picture } from "./page.ts";

test("the page shows its embedded scene, from its own origin alone, with threads for wasm", async ({
  page,
  baseURL,
}) => {
  const foreign: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:/.test(url.protocol) && url.origin !== new URL(baseURL!).origin) foreign.push(url.href);
  });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));

  const { canvas } = await openPage(page);
  await expect.poll(async () => contrast(await picture(canvas, "first-load"))).toBeGreaterThan(15);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(foreign).toEqual([]);
  expect(errors).toEqual([]);
  await page.screenshot({ path: "e2e/artifacts/page.png" });
});

test("the camera moves by pointer and by keyboard", async ({ page }) => {
  const { canvas } = await openPage(page);
  await expect.poll(async () => contrast(await picture(canvas, "camera-before"))).toBeGreaterThan(15);
  const before = await picture(canvas, "camera-before");

  await canvas.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowLeft");
  await expect.poll(async () => difference(before, await picture(canvas, "camera-keys"))).toBeGreaterThan(4);
  await page.keyboard.press("Shift+F");
  await expect.poll(async () => difference(before, await picture(canvas, "camera-framed"))).toBe(0);

  const box = (await canvas.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 150, box.y + box.height / 2 + 20, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => difference(before, await picture(canvas, "camera-drag"))).toBeGreaterThan(4);

  const dragged = await picture(canvas, "camera-drag");
  await page.mouse.dblclick(box.x + box.width / 2 + 60, box.y + box.height / 2 + 40);
  await expect
    .poll(async () => difference(dragged, await picture(canvas, "camera-focus")))
    .toBeGreaterThan(4);
});
