import { expect, type Page } from "@playwright/test";
import { drag, exported, ui } from "./page.ts";

export const TARGET = "a photo of a blue apple on grass";

/**
 * Fills in an edit. With positions held still, the first steps of a run are the same whatever number of them is asked
 * for: only the rate of positions depends on that.
 */
export async function fillIn(page: Page, steps: number): Promise<void> {
  await ui(page).source.fill("a photo of a red apple on grass");
  await ui(page).target.fill(TARGET);
  await ui(page).steps.fill(String(steps));
  const positions = ui(page).slider("Rate of positions");
  if (!(await positions.isVisible())) await page.getByText("Noise and rates", { exact: true }).click();
  await drag(positions, 0);
}

/** The scene as a file once that edit has gone so many steps, undisturbed. */
export async function undisturbed(page: Page, steps: number): Promise<Buffer> {
  const { edit, log } = ui(page);
  await fillIn(page, steps);
  const finished = log.getByText("Edit finished");
  const before = await finished.count();
  await edit.click();
  await expect(finished).toHaveCount(before + 1);
  return (await exported(page)).bytes;
}
