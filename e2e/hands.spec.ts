/** Changing a scene by hand: select, transform, grade, clean up, layers; each taken back by the one history. */
import { expect, test, type Locator, type Page } from "@playwright/test";
import { difference, exported, openPage, openScene, picture, ui } from "./page.ts";
import { BALL, ballScene, hangingScene, realScene } from "./scenes.ts";

const panel = (page: Page) => page.getByRole("complementary", { name: "Scene" });
const selectedCount = async (page: Page): Promise<number> => {
  const text = await page
    .getByText(/ selected/)
    .first()
    .innerText();
  return Number(text.replace(/[^\d ].*$/, "").replace(/\D/g, ""));
};
/** Waits until the count of selected splats is what is asked of it, and returns it. */
async function selected(page: Page, isRight: (count: number) => boolean): Promise<number> {
  await expect.poll(async () => isRight(await selectedCount(page))).toBe(true);
  return selectedCount(page);
}
const chip = (page: Page, name: string) => panel(page).getByRole("button", { name, exact: true });
const undoAll = async (page: Page): Promise<void> => {
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("button", { name: "As opened" }).click();
};

/** Drags over the canvas from and to shares of its width and height. */
async function stroke(page: Page, ...corners: readonly (readonly [number, number])[]): Promise<void> {
  const box = (await ui(page).canvas.boundingBox())!;
  const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(corners[0]!));
  await page.mouse.down();
  for (const corner of corners.slice(1)) await page.mouse.move(...at(corner), { steps: 3 });
  await page.mouse.up();
}

test.beforeEach(async ({ page }) => {
  await openPage(page);
  const { name, bytes } = realScene();
  await openScene(page, name, bytes);
});

test("select by shapes, by value and by neighbourhood; hide, lock, delete; all of it undone", async ({
  page,
}) => {
  const { canvas, undo } = ui(page);
  const before = await exported(page);
  await canvas.focus();
  await page.keyboard.press("r");
  await stroke(page, [0.25, 0.25], [0.6, 0.7]);
  const rectangle = await selected(page, (count) => count > 0);
  await picture(canvas, "select-rectangle");

  await page.keyboard.press("b");
  await page.keyboard.down("Shift");
  await stroke(page, [0.65, 0.3], [0.75, 0.7]);
  await page.keyboard.up("Shift");
  const painted = await selected(page, (count) => count > rectangle);
  await page.keyboard.press("l");
  await page.keyboard.down("Control");
  await stroke(page, [0.3, 0.3], [0.5, 0.3], [0.5, 0.6], [0.3, 0.6]);
  await page.keyboard.up("Control");
  const cut = await selected(page, (count) => count < painted);
  await picture(canvas, "select-lasso-removed");
  await page.keyboard.press("Escape");

  await chip(page, "Grow").click();
  await selected(page, (count) => count > cut);
  await undo.click();
  await selected(page, (count) => count === cut);
  await chip(page, "Invert").click();
  const rest = await selected(page, (count) => count !== cut);
  await chip(page, "Save").click();
  await chip(page, "None").click();
  await selected(page, (count) => count === 0);
  await chip(page, "Set 1").click();
  await selected(page, (count) => count === rest);

  await chip(page, "Lock").click();
  await selected(page, (count) => count === 0);
  await chip(page, "All").click();
  const free = await selected(page, (count) => count > 0);
  expect(free).toBe(cut);
  await chip(page, "Hide").click();
  await selected(page, (count) => count === 0);
  await chip(page, "Reveal all").click();
  await chip(page, "Unlock all").click();
  await chip(page, "Set 1").click();
  await chip(page, "Delete").click();
  await expect.poll(async () => (await exported(page)).bytes.length).toBeLessThan(before.bytes.length);

  await undoAll(page);
  await selected(page, (count) => count === 0);
  expect((await exported(page)).bytes.equals(before.bytes)).toBe(true);
});

test("move by numbers, grade, find floaters; all of it undone", async ({ page }) => {
  const { canvas } = ui(page);
  const before = await exported(page);
  const open = (title: string) => panel(page).getByRole("heading", { name: title }).click();

  await open("Transform");
  await page.getByLabel("Move by: x").fill("0.5");
  await panel(page).getByLabel("Scale by").fill("2");
  await chip(page, "Apply").click();
  await picture(canvas, "hands-moved");
  const moved = await exported(page);
  expect(moved.bytes.equals(before.bytes)).toBe(false);

  await open("Colour");
  await panel(page).getByRole("slider", { name: "Brightness" }).fill("0.5");
  await expect.poll(async () => (await exported(page)).bytes.equals(moved.bytes)).toBe(false);
  await picture(canvas, "hands-graded");

  await test.step("the sliders tell of the last change, and are neutral once that is undone", async () => {
    const [brightness, saturation] = ["Brightness", "Saturation"].map((name) =>
      panel(page).getByRole("slider", { name }),
    ) as [Locator, Locator];
    const { undo, redo } = ui(page);
    await expect(brightness).toHaveValue("0.5");
    await chip(page, "Done, begin another").click();
    await saturation.fill("0.3");
    await expect(saturation).toHaveValue("0.3");
    await undo.click();
    await expect(saturation).toHaveValue("1");
    await expect(brightness).toHaveValue("1");
    await redo.click();
    await expect(saturation).toHaveValue("0.3");
    await undo.click();
  });

  await open("Clean up");
  await panel(page).getByRole("slider", { name: "Strength" }).fill("1");
  await chip(page, "Find floaters").click();
  await expect(chip(page, "Delete them")).toBeVisible();
  await picture(canvas, "hands-floaters");
  await chip(page, "Delete them").click();
  await expect.poll(async () => (await exported(page)).bytes.length).toBeLessThan(before.bytes.length);

  await page.screenshot({ path: "e2e/artifacts/hands-cleaned.png" });

  await undoAll(page);
  await expect.poll(async () => (await exported(page)).bytes.equals(before.bytes)).toBe(true);
});

test("a box moved by hand and turned by typed degrees selects what is in it, and confines the next edit", async ({
  page,
}) => {
  const ball = ballScene();
  await openScene(page, ball.name, ball.bytes);
  await page.getByRole("toolbar", { name: "Tools" }).getByRole("button", { name: "Box volume" }).click();
  const options = page.getByRole("toolbar", { name: "Tool options" });
  const middle = options.getByLabel("Middle: y");
  const before = Number(await middle.inputValue());
  await stroke(page, [0.5, 0.5], [0.5, 0.3]); // by the handle in its middle, which is the picture's
  await expect.poll(async () => Number(await middle.inputValue())).toBeGreaterThan(before + 0.1);
  for (const [field, numbers] of [
    ["Middle", [0.1, 0, 0]],
    ["Edges", [0.6, 0.3, 2]],
    ["Rotation °", [0, 0, 30]],
  ] as const) {
    for (const [axis, number] of numbers.entries()) {
      await options.getByLabel(`${field}: ${"xyz"[axis]}`).fill(String(number));
    }
  }
  await options.getByRole("button", { name: "Set" }).click();
  const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const inside = BALL.filter(([x, y]) => {
    const [along, across] = [cos * (x - 0.1) + sin * y, cos * y - sin * (x - 0.1)];
    return Math.abs(along) <= 0.3 && Math.abs(across) <= 0.15;
  });
  await selected(page, (count) => count === inside.length);
  await page.screenshot({ path: "e2e/artifacts/hands-turned-box.png" });

  await options.getByRole("button", { name: "Edit inside" }).click();
  const region = page.getByRole("group", { name: "May change" }).getByRole("button", { name: "Box" });
  await expect(region).toHaveAttribute("aria-pressed", "true");
});

test("several scenes in one document: add, hide, solo, rename, order, duplicate, merge, remove", async ({
  page,
}) => {
  const before = await exported(page);
  const { name, bytes } = realScene();
  const layers = page.getByRole("list", { name: "Layers" });
  const row = (text: string) => layers.getByRole("listitem").filter({ hasText: text });
  const more = async (text: string, action: string): Promise<void> => {
    await row(text)
      .first()
      .getByRole("button", { name: /^More of/ })
      .click();
    await page.getByRole("menuitem", { name: action }).click();
  };

  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), chip(page, "Add a scene…").click()]);
  await chooser.setFiles({ name: `second-${name}`, mimeType: "application/octet-stream", buffer: bytes });
  await expect(row("second")).toBeVisible();
  await more("second", "Rename");
  await page.getByLabel("Name of the layer").fill("Statue");
  await page.keyboard.press("Enter");
  await expect(row("Statue")).toBeVisible();
  await more("Statue", "Move up");
  await expect(layers.getByRole("listitem").first()).toContainText("Statue");
  await more("Statue", "Show only this");
  await expect(layers.getByRole("button", { name: /^Show / })).toHaveCount(1);
  await more("Statue", "Show only this");
  await expect(layers.getByRole("button", { name: /^Show / })).toHaveCount(0);
  await more("Statue", "Duplicate");
  await expect(layers.getByRole("listitem")).toHaveCount(3);
  await page.screenshot({ path: "e2e/artifacts/hands-layers.png" });
  await chip(page, "Merge shown").click();
  await expect(layers.getByRole("listitem")).toHaveCount(1);
  await ui(page).undo.click();
  await expect(layers.getByRole("listitem")).toHaveCount(3);
  await more("Statue", "Remove");
  await expect(layers.getByRole("listitem")).toHaveCount(2);

  await undoAll(page);
  await expect(layers.getByRole("listitem")).toHaveCount(1);
  expect((await exported(page)).bytes.equals(before.bytes)).toBe(true);
});

test("a scene that stands on its head is offered to be turned", async ({ page }) => {
  const { name, bytes } = hangingScene();
  await openScene(page, name, bytes);
  const hint = page.getByRole("complementary", { name: "Orientation" });
  const { canvas } = ui(page);
  const asGuessed = await picture(canvas, "hands-orientation-guess");
  await page.screenshot({ path: "e2e/artifacts/hands-orientation.png" });
  const before = await exported(page);

  // Another way up is only looked at.
  await hint.getByRole("button", { name: "+z" }).click();
  await expect
    .poll(async () => difference(asGuessed, await picture(canvas, "hands-orientation-z")))
    .toBeGreaterThan(1);
  expect((await exported(page)).bytes.equals(before.bytes)).toBe(true);
  await hint.getByRole("button", { name: "−y" }).click();
  await expect.poll(async () => difference(asGuessed, await picture(canvas, "hands-orientation-y"))).toBe(0);

  await hint.getByRole("button", { name: "Turn" }).click();
  await expect(hint).toBeHidden();
  expect((await exported(page)).bytes.equals(before.bytes)).toBe(false);
  // The view has turned along, so the scene stands in it as it stood.
  expect(difference(asGuessed, await picture(canvas, "hands-orientation-turned"))).toBeLessThan(1);
  await ui(page).undo.click();
  await expect(hint).toBeVisible();
  await hint.getByRole("button", { name: "Leave" }).click();
  await expect(hint).toBeHidden();
});
