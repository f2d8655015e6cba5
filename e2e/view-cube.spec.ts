import { expect, test } from "@playwright/test";
import { difference, picture, ui } from "./page.ts";

test("the cube shows how the scene stands, and turns the camera; so does the number pad", async ({
  page,
}) => {
  await page.goto("./");
  await expect(ui(page).scene).toHaveText("red-apple.ply");
  const face = (name: string) =>
    page.getByRole("group", { name: "Look from" }).getByRole("button", { name, includeHidden: true });
  // Playwright's number pad is one without Num Lock.
  const pad = (key: string) =>
    ui(page).canvas.dispatchEvent("keydown", { key, code: `Numpad${key}`, bubbles: true });
  const before = await picture(ui(page).canvas, "view-first");

  await face("Top").click();
  await expect(face("Top")).toHaveAttribute("aria-current", "true");
  await expect
    .poll(async () => difference(before, await picture(ui(page).canvas, "view-top")))
    .toBeGreaterThan(3);
  await page.screenshot({ path: "e2e/artifacts/view-cube-top.png" });

  await pad("3");
  await expect(face("Right")).toHaveAttribute("aria-current", "true");
  await expect(face("Top")).toHaveAttribute("aria-current", "false");
  await pad("9");
  await expect(face("Left")).toHaveAttribute("aria-current", "true");

  // Whoever takes the camera by hand has it.
  await ui(page).canvas.press("ArrowUp");
  await expect(face("Left")).toHaveAttribute("aria-current", "false");
  await page.screenshot({ path: "e2e/artifacts/view-cube.png" });
});

test("the cube is dragged like the scene, and turned by arrow keys, however low the window", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 460 });
  await page.goto("./");
  await expect(ui(page).scene).toHaveText("red-apple.ply");
  const face = (name: string) =>
    page.getByRole("group", { name: "Look from" }).getByRole("button", { name, includeHidden: true });
  const isFaced = (name: string, isIt: boolean) =>
    expect(face(name)).toHaveAttribute("aria-current", String(isIt));

  await face("Front").click();
  await isFaced("Front", true);
  const { x, y, width, height } = (await face("Front").boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 40, y + height / 2, { steps: 4 });
  await isFaced("Front", false);
  await page.mouse.up();
  await page.screenshot({ path: "e2e/artifacts/view-cube-low.png" });
  await isFaced("Front", false); // a drag is no click

  await face("Front").press("Enter");
  await isFaced("Front", true);
  await face("Front").press("ArrowLeft");
  await isFaced("Front", false);
});
