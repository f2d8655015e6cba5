import { expect, test, type Page } from "@playwright/test";
import { contrast, difference, drag, exported, openPage, openScene, picture, shrunk } from "./page.ts";
import { realScene } from "./scenes.ts";

/** Opens a real capture and fills in a short edit of it. */
async function prepare(page: Page, steps: number) {
  const elements = await openPage(page);
  const scene = realScene();
  await openScene(page, scene.name, scene.bytes);
  await elements.source.fill("a photo of a red apple on grass");
  await elements.target.fill("a photo of a blue apple on snow");
  await elements.steps.fill(String(steps));
  await expect.poll(async () => contrast(await picture(elements.canvas, "edit-before"))).toBeGreaterThan(5);
  return { ...elements, scene };
}

test("the main job: open, edit from words with a weight changed on the way, undo, redo, export, open again", async ({
  page,
}) => {
  const { canvas, edit, slider, progress, undo, redo, original, log, scene } = await prepare(page, 12);
  const before = await picture(canvas, "edit-before");

  await edit.click();
  await expect(progress).toHaveAttribute("aria-valuenow", /^[1-8]$/); // whichever step is looked at
  await drag(slider("Cross-prompt"), 12.5);
  await page.screenshot({ path: "e2e/artifacts/edit-running.png" });
  await expect(log).toContainText("Edit finished after 12 steps");
  await expect(log).toContainText("Cross-prompt 12.5 from step");
  // A thousand small splats cover little of the picture; unchanged ones would give exactly 0, as after undo below.
  await expect
    .poll(async () => difference(before, await picture(canvas, "edit-after")))
    .toBeGreaterThan(0.05);
  const after = await picture(canvas, "edit-after");
  await page.screenshot({ path: "e2e/artifacts/edit-done.png" });
  const edited = await exported(page);
  expect(edited.bytes.equals(scene.bytes)).toBe(false);
  expect(edited.bytes.length).toBe(scene.bytes.length);

  await test.step("undo and redo are exact", async () => {
    await undo.click();
    await expect(redo).toBeEnabled();
    expect((await exported(page)).bytes.equals(scene.bytes)).toBe(true);
    await expect.poll(async () => difference(before, await picture(canvas, "edit-undone"))).toBe(0);
    await redo.click();
    await expect(undo).toBeEnabled();
    expect((await exported(page)).bytes.equals(edited.bytes)).toBe(true);
    await expect.poll(async () => difference(after, await picture(canvas, "edit-redone"))).toBe(0);
  });

  await test.step("holding the button shows the original", async () => {
    await original.hover();
    await page.mouse.down();
    await expect.poll(async () => difference(before, await picture(canvas, "edit-original"))).toBe(0);
    await page.mouse.up();
    await expect.poll(async () => difference(after, await picture(canvas, "edit-again"))).toBe(0);
  });

  await test.step("the exported file opens again as the same scene", async () => {
    await openScene(page, edited.name, edited.bytes);
    expect((await exported(page)).bytes.equals(edited.bytes)).toBe(true);
    // An opened scene is framed anew, a pixel or two from where the edit left it.
    await expect
      .poll(async () => difference(shrunk(after, 8), shrunk(await picture(canvas, "edit-reopened"), 8)))
      .toBeLessThan(0.5);
  });
});

test("pause holds, resume goes on, cancel puts everything back exactly", async ({ page }) => {
  const { canvas, edit, pause, resume, cancel, progress, undo, log, scene } = await prepare(page, 200);
  const before = await picture(canvas, "cancel-before");

  await edit.click();
  await expect(progress).toHaveAttribute("aria-valuenow", /[1-9]/);
  await pause.click();
  await expect(resume).toBeVisible();
  const held = await progress.getAttribute("aria-valuenow");
  await page.waitForTimeout(3000);
  expect(Number(await progress.getAttribute("aria-valuenow")) - Number(held)).toBeLessThanOrEqual(1);
  await resume.click();
  await expect(progress).not.toHaveAttribute("aria-valuenow", held!);
  await cancel.click();
  await expect(log).toContainText("Edit cancelled after");

  expect((await exported(page)).bytes.equals(scene.bytes)).toBe(true);
  await expect.poll(async () => difference(before, await picture(canvas, "cancel-after"))).toBe(0);
  await expect(undo).toBeDisabled();
});

test("stop keeps what was done, as one change that can be undone", async ({ page }) => {
  const { edit, stop, progress, undo, log, scene } = await prepare(page, 200);
  await edit.click();
  await expect(progress).toHaveAttribute("aria-valuenow", /[1-9]/);
  await stop.click();
  await expect(log).toContainText("Edit stopped and kept after");
  expect((await exported(page)).bytes.equals(scene.bytes)).toBe(false);
  await undo.click();
  expect((await exported(page)).bytes.equals(scene.bytes)).toBe(true);
});

test("words that the model does not know are named, and a new kind of thing gets its preset", async ({
  page,
}) => {
  const { target } = await openPage(page);
  await target.fill("a photo of a pink flamingo on grass");
  await expect(page.getByText("This model does not know “pink”, “flamingo”")).toBeVisible();
  await expect(target).toHaveAttribute("aria-invalid", "true");
  await target.fill("a photo of a red apple on grass");
  await expect(target).toHaveAttribute("aria-invalid", "false");

  const preset = page.getByLabel("Preset");
  await target.fill("a photo of a duck on grass");
  await expect(page.getByText("“duck” is another kind of thing")).toBeVisible();
  await page.screenshot({ path: "e2e/artifacts/edit-advice.png" });
  await page.getByRole("button", { name: "Use that preset" }).click();
  await expect(preset).toHaveValue("embedded-ssd-shape");
  await expect(page.getByText("is another kind of thing")).toBeHidden();

  const tries = page.getByRole("list", { name: "Edits to try" });
  await tries.getByRole("button", { name: "blue" }).click();
  await expect(preset).toHaveValue("embedded-ssd");
  await tries.getByRole("button", { name: "pumpkin" }).click();
  await expect(target).toHaveValue("a photo of a pumpkin on grass");
  await expect(preset).toHaveValue("embedded-ssd-shape");
});
