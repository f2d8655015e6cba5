import { expect, test, type Page } from "@playwright/test";
import { createRng } from "../src/core/rng.ts";
import { loseDevice, lossesSoFar } from "./losses.ts";
import { contrast, exported, openFile, openPage, openScene, picture, ui } from "./page.ts";
import { ballScene, realScene } from "./scenes.ts";
import { fillIn, undisturbed } from "./short-edit.ts";

/** How many steps the page says to have kept of each edit that lost its GPU. */
async function stepsKept(page: Page): Promise<readonly number[]> {
  const lines = await ui(page).log.getByText("Edit lost its GPU").allTextContents();
  return lines.map((line) => Number(/after (\d+) step/.exec(line)![1]));
}

test("when the GPU process dies during an edit, the scene stays and work goes on", async ({
  page,
  browser,
}) => {
  const { canvas, edit, progress, undo, log } = await openPage(page);
  const scene = realScene();
  await openScene(page, scene.name, scene.bytes);
  await fillIn(page, 200);
  await edit.click();
  await expect(progress).toHaveAttribute("aria-valuenow", /[2-9]/);

  const devtools = await browser.newBrowserCDPSession();
  await devtools.send("Browser.crashGpuProcess");

  await expect(log).toContainText("GPU was lost");
  await expect(edit).toBeEnabled();
  await expect.poll(async () => contrast(await picture(canvas, "after-loss"))).toBeGreaterThan(5);
  await page.screenshot({ path: "e2e/artifacts/after-loss.png" });
  const kept = (await exported(page)).bytes;
  const [steps] = await stepsKept(page);
  expect(steps).toBeGreaterThan(0);

  await undo.click();
  expect((await exported(page)).bytes.equals(scene.bytes)).toBe(true);
  expect((await undisturbed(page, steps!)).equals(kept)).toBe(true);
});

/** What is submitted around each part of a step; on a CPU the encoder and the UNet run between two of them. */
const MOMENTS = [
  "raster forward", // a view, of the scene or for the edit
  "read raster/depth", // looking for views
  "read raster/image", // into the encoder, then the UNet
  "decode-residual", // out of the decoder
  "raster backward",
  "sum gradients",
  "adam",
  "download splats", // the copy that is kept
  "adam",
];
const REDRAWN = { label: "raster forward" };

test.describe("in a small window", () => {
  test.use({ viewport: { width: 1000, height: 560 } });

  test("twenty lost devices, whatever is under way: the page goes on each time, with every step that it says to have kept", async ({
    page,
  }) => {
    test.slow();
    const errors: unknown[] = [];
    page.on("pageerror", (error) => errors.push(error));
    const { canvas, edit, undo, log, problem } = await openPage(page);
    /** Waits for so many losses in all, and for the page to have got over them. */
    const recovered = async (losses: number): Promise<void> => {
      await expect.poll(() => lossesSoFar(page)).toBe(losses);
      await expect(log.getByText("The GPU is back")).toHaveCount(losses);
      await expect(edit).toBeEnabled();
      await expect(canvas).toHaveAttribute("aria-busy", "false");
    };
    const { name, bytes } = ballScene();
    await loseDevice(page, REDRAWN);
    await openFile(page, name, bytes);
    await expect(log).toContainText(`Opened ${name}`);
    await fillIn(page, 50);
    await recovered(1);
    await loseDevice(page, {}); // at rest
    await recovered(2);
    const rng = createRng("losses");
    let before = (await exported(page)).bytes;
    expect(before.equals(bytes)).toBe(true);
    for (const [i, label] of MOMENTS.entries()) {
      const inRun = { label, nth: 1 + rng.int(3), before: rng.uniform() < 0.5 };
      await fillIn(page, 50);
      await loseDevice(page, inRun, REDRAWN); // and again while it comes back
      await edit.click();
      await recovered(4 + 2 * i);
      await expect(problem).toContainText("The GPU was lost during the edit");
      await page.screenshot({ path: "e2e/artifacts/losses.png" });
      const after = (await exported(page)).bytes;
      const steps = (await stepsKept(page))[i]!;
      if (steps > 0) await undo.click();
      expect((await exported(page)).bytes.equals(before)).toBe(true);
      if (steps > 0) expect((await undisturbed(page, steps)).equals(after), label).toBe(true);
      before = after;
    }
    expect((await stepsKept(page)).some((steps) => steps > 0)).toBe(true);

    await page.getByRole("tab", { name: "History" }).click();
    await page.getByRole("button", { name: "As opened" }).click();
    expect((await exported(page)).bytes.equals(bytes)).toBe(true);
    expect(errors).toEqual([]);
  });
});
