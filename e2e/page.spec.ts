import { expect, test } from "@playwright/test";
import { engineOf } from "./losses.ts";
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

test("the camera comes nearer by wheel, pans by right button, flies by keys, and frames what is selected", async ({
  page,
}) => {
  const { canvas } = await openPage(page);
  const { x, y, width, height } = (await canvas.boundingBox())!;
  const middle = [x + width / 2, y + height / 2] as const;
  let last = await picture(canvas, "camera-first");
  const changed = async (name: string): Promise<void> => {
    await expect.poll(async () => difference(last, await picture(canvas, name))).toBeGreaterThan(4);
    last = await picture(canvas, name);
  };

  await page.mouse.move(...middle);
  await page.mouse.wheel(0, -400);
  await changed("camera-nearer");

  await page.mouse.down({ button: "right" });
  await page.mouse.move(middle[0] - 150, middle[1] + 60, { steps: 5 });
  await page.mouse.up({ button: "right" });
  await changed("camera-panned");

  await canvas.focus();
  await page.keyboard.press("v");
  await page.keyboard.down("d");
  await expect(canvas).toHaveAttribute("aria-busy", "true");
  await page.keyboard.up("d");
  await changed("camera-flown");
  await page.keyboard.press("v");

  await page.keyboard.press("Shift+F");
  await changed("camera-reset");
  await page.keyboard.press("r");
  await page.mouse.move(middle[0] - 40, middle[1] - 40);
  await page.mouse.down();
  await page.mouse.move(middle[0] + 20, middle[1] + 20, { steps: 3 });
  await page.mouse.up();
  await expect(page.getByText(/^[1-9]\d*(,\d+)* selected$/)).toBeVisible();
  await page.keyboard.press("Escape");
  last = await picture(canvas, "camera-selected");
  await page.keyboard.press("f");
  await changed("camera-selection-framed");
});

test("at rest neither the engine nor the page draws anything", async ({ page }) => {
  await page.addInitScript(() => {
    const scope = window as unknown as CountingScope;
    const request = scope.requestAnimationFrame.bind(scope);
    scope.drawn = 0;
    scope.requestAnimationFrame = (callback) => {
      scope.drawn++;
      return request(callback);
    };
  });
  const { canvas } = await openPage(page);
  await picture(canvas, "at-rest");
  const engine = engineOf(page);
  await engine.evaluate(() => {
    const scope = globalThis as unknown as CountingScope;
    const { submit } = GPUQueue.prototype;
    scope.drawn = 0;
    GPUQueue.prototype.submit = function (commands) {
      scope.drawn++;
      submit.call(this, commands);
    };
  });
  const drawn = async (): Promise<readonly number[]> => [
    await engine.evaluate(() => (globalThis as unknown as CountingScope).drawn),
    await page.evaluate(() => (window as unknown as CountingScope).drawn),
  ];
  const before = await drawn();
  await page.waitForTimeout(2000);
  expect(await drawn()).toEqual(before);

  await page.keyboard.press("Control+k");
  await page.keyboard.type("performance"); // before it is there
  await expect(page.getByRole("textbox", { name: "Search commands" })).toHaveValue("performance");
  await page.keyboard.press("Enter");
  await canvas.focus();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByText(/^drawn +\d/)).toContainText(/\d ms.*, \d+ frames?/);
  const [engineAfter, pageAfter] = await drawn();
  expect(engineAfter).toBeGreaterThan(before[0]!);
  expect(pageAfter).toBeGreaterThan(before[1]!);
  await page.screenshot({ path: "e2e/artifacts/performance.png" });
});

type CountingScope = Pick<Window, "requestAnimationFrame"> & { drawn: number };
