import { expect, test, type Page } from "@playwright/test";
import { PNG } from "pngjs";
import { openPage, openScene } from "./page.ts";
import { realScene } from "./scenes.ts";

async function saved(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}

test("a picture without background, and a film of one turn that a player can show", async ({ page }) => {
  await openPage(page);
  const { name, bytes } = realScene();
  await openScene(page, name, bytes);
  const open = async (): Promise<void> => {
    await page.getByRole("button", { name: "File", exact: true }).click();
    await page.getByRole("menuitem", { name: "Save a picture or film" }).click();
  };

  await open();
  await page.getByLabel("Longer side").selectOption("3840");
  await page.getByLabel("Transparent background").check();
  await page.screenshot({ path: "e2e/artifacts/media-dialog.png" });
  const still = await saved(page, "Save a picture");
  expect(still.name).toBe(name.replace(/\.ply$/, ".png"));
  const png = PNG.sync.read(still.bytes);
  expect(Math.max(png.width, png.height)).toBe(3840);
  let [least, most] = [255, 0];
  for (let i = 3; i < png.data.length; i += 4) {
    least = Math.min(least, png.data[i]!);
    most = Math.max(most, png.data[i]!);
  }
  expect(least).toBe(0);
  expect(most).toBeGreaterThan(200);

  await open();
  await page.getByLabel("Longer side").selectOption("640");
  await page.getByLabel("One turn in").selectOption("3");
  const film = await saved(page, "Film a turn");
  expect(film.name).toMatch(/-turntable\.(mp4|webm)$/);
  const shown = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const video = document.createElement("video");
    video.src = URL.createObjectURL(new Blob([bytes]));
    video.muted = true;
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
    });
    return { width: video.videoWidth, duration: video.duration };
  }, film.bytes.toString("base64"));
  expect(shown.width).toBe(640);
  expect(shown.duration).toBeCloseTo(3, 1);
});
