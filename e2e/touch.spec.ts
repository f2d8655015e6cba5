/** A tablet's fingers: one orbits or draws, two move the camera whatever is in hand. */
import { expect, test, type CDPSession, type Page } from "@playwright/test";
import { difference, openPage, openScene, picture, ui } from "./page.ts";
import { ballScene } from "./scenes.ts";

test.use({ hasTouch: true, isMobile: true, viewport: { width: 768, height: 1024 } });

type Point = readonly [x: number, y: number];
type Finger = readonly Point[];

/** Fingers come down one after the other, move along their points together, and leave. Points are shares of the canvas. */
async function touch(page: Page, client: CDPSession, ...fingers: readonly Finger[]): Promise<void> {
  const box = (await ui(page).canvas.boundingBox())!;
  const at = (count: number, i: number) =>
    fingers.slice(0, count).map((points, id) => {
      const [x, y] = points[Math.min(i, points.length - 1)]!;
      return { x: box.x + x * box.width, y: box.y + y * box.height, id };
    });
  const send = (type: "touchStart" | "touchMove" | "touchEnd", touchPoints: ReturnType<typeof at>) =>
    client.send("Input.dispatchTouchEvent", { type, touchPoints });
  for (const [i] of fingers.entries()) await send("touchStart", at(i + 1, 0));
  for (let i = 1; i < Math.max(...fingers.map(({ length }) => length)); i++)
    await send("touchMove", at(fingers.length, i));
  await send("touchEnd", []);
}

test("one finger orbits or draws, two move the camera with or without a tool in hand", async ({ page }) => {
  await openPage(page);
  const { name, bytes } = ballScene();
  await openScene(page, name, bytes);
  const client = await page.context().newCDPSession(page);
  const { canvas } = ui(page);
  const count = page.getByText(/^\d+ selected$/);
  // Buttons are clicked, not tapped: on a busy machine a tap may last long enough to be a long press.
  const tools = page.getByRole("toolbar", { name: "Tools" });
  const hasMoved = async (before: Awaited<ReturnType<typeof picture>>, name: string): Promise<void> => {
    await expect.poll(async () => difference(before, await picture(canvas, name))).toBeGreaterThan(0.1); // one that has not is the same to the bit
  };
  /** The camera glides on for a while after a finger has left. */
  const atRest = async (name: string): Promise<Awaited<ReturnType<typeof picture>>> => {
    let last = await picture(canvas, name);
    await expect
      .poll(async () => {
        const before = last;
        last = await picture(canvas, name);
        return difference(before, last);
      })
      .toBe(0);
    return last;
  };
  const aside: Finger = [
    [0.3, 0.4],
    [0.5, 0.45],
    [0.7, 0.5],
  ];
  const across: Finger = [
    [0.2, 0.2],
    [0.5, 0.5],
    [0.8, 0.8],
  ];
  const apart: readonly Finger[] = [
    [
      [0.45, 0.5],
      [0.4, 0.5],
      [0.25, 0.5],
    ],
    [
      [0.55, 0.5],
      [0.6, 0.5],
      [0.75, 0.5],
    ],
  ];
  const together = apart.map((points) => points.toReversed());

  const first = await atRest("touch-first");
  await touch(page, client, aside);
  await hasMoved(first, "touch-orbit");
  const orbited = await atRest("touch-orbited");
  await touch(page, client, ...apart);
  await hasMoved(orbited, "touch-pinch");

  await tools.getByRole("button", { name: "Rectangle selection" }).click();
  const options = page.getByRole("toolbar", { name: "Tool options" });
  await expect(options).toBeVisible();
  const still = await atRest("touch-still");
  await touch(page, client, ...together);
  await hasMoved(still, "touch-pinch-with-tool");
  await atRest("touch-apart");
  await expect(count).toHaveText("0 selected");

  await touch(page, client, across);
  await expect(count).toHaveText(/^[1-9]/);
  await options.getByRole("button", { name: "Remove" }).click();
  await touch(page, client, across);
  await expect(count).toHaveText("0 selected");
  await page.screenshot({ path: "e2e/artifacts/touch-options.png" });

  await tools.getByRole("button", { name: "Sphere volume" }).click();
  for (const axis of ["x", "y", "z"]) await options.getByLabel(`Middle: ${axis}`).fill("0");
  await options.getByLabel("Radius").fill("2");
  await options.getByRole("button", { name: "Set" }).click();
  await expect(count).toHaveText("300 selected");
  await page.screenshot({ path: "e2e/artifacts/touch-volume.png" });
  await options.getByLabel("Middle: x").fill("9");
  await options.getByRole("button", { name: "Set" }).click();
  await expect(count).toHaveText("0 selected");
});
