import { expect, test, type Page } from "@playwright/test";
import { openPage } from "./page.ts";

const STEPS = 80;
/** Enough for the object to have changed and the plots to have a course. */
const TAKEN_AT = 60;

/** Where the README expects it. */
const take = (page: Page, name: string) =>
  page.screenshot({ path: `public/pictures/${name}.jpg`, type: "jpeg", quality: 85 });

/** Draws a loop around the stalk. */
async function lasso(page: Page, { x, y, width, height }: Box): Promise<void> {
  const turns = Array.from({ length: 33 }, (_, i) => (2 * Math.PI * i) / 32);
  const points = turns.map(
    (turn) =>
      [x + width * (0.56 + 0.06 * Math.cos(turn)), y + height * (0.42 + 0.1 * Math.sin(turn))] as const,
  );
  await page.mouse.move(...points[0]!);
  await page.mouse.down();
  for (const point of points) await page.mouse.move(...point);
  await page.mouse.up();
  await expect(page.getByText(/^[1-9]\d*(,\d+)* selected$/)).toBeVisible();
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

test("pictures for the README", async ({ page }) => {
  const { canvas, edit, steps, progress, pause, resume, log } = await openPage(page);
  await page.getByRole("button", { name: "Pumpkin on snow" }).click();
  await expect(log).toContainText("Opened pumpkin.ply");
  await steps.fill(String(STEPS));
  await edit.click();

  await expect
    .poll(async () => Number(await progress.getAttribute("aria-valuenow")))
    .toBeGreaterThanOrEqual(TAKEN_AT);
  await pause.click();
  await expect(canvas).toHaveAttribute("aria-busy", "false");
  await take(page, "page");

  await resume.click();
  await expect(log).toContainText(`Edit finished after ${STEPS} steps`);
  await page.getByRole("tab", { name: /^Edits/ }).click();
  await page.getByRole("button", { name: "Compare side by side" }).click();
  await page.getByRole("button", { name: "Lasso selection" }).click();
  await lasso(page, (await canvas.boundingBox())!);
  await expect(canvas).toHaveAttribute("aria-busy", "false");
  await take(page, "editor");
});
