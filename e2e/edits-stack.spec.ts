import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { contrast, difference, drag, exported, openPage, openScene, picture, ui } from "./page.ts";
import { realScene } from "./scenes.ts";

const SOURCE = "a photo of a red apple on grass";
const FIRST = "a photo of a blue apple on grass";
const SECOND = "a photo of a blue apple on snow";
const STEPS = 4;

/** Makes the scene's `count`th edit. */
async function edit(page: Page, source: string, target: string, count: number): Promise<void> {
  const elements = ui(page);
  await elements.source.fill(source);
  await elements.target.fill(target);
  await elements.edit.click();
  await expect(page.getByRole("tab", { name: `Edits (${count})` })).toBeVisible();
  await expect(elements.edit).toBeEnabled();
}

/** Opens a small scene and fills in a short edit of a ball around its middle. */
async function prepare(page: Page, steps: number) {
  const elements = await openPage(page);
  const scene = realScene();
  await openScene(page, scene.name, scene.bytes);
  await elements.steps.fill(String(steps));
  const region = page.getByRole("group", { name: "May change" }).getByRole("button", { name: "Sphere" });
  await region.click();
  await expect(region).toHaveAttribute("aria-pressed", "true");
  return { ...elements, scene };
}

const bytesOf = async (page: Page): Promise<Buffer> => (await exported(page)).bytes;

test("two edits from words in a region: each is switched, compared, branched from and removed by itself", async ({
  page,
}) => {
  const { canvas, undo, scene } = await prepare(page, STEPS);
  await edit(page, SOURCE, FIRST, 1);
  const once = await bytesOf(page);
  await edit(page, FIRST, SECOND, 2);
  const twice = await bytesOf(page);

  await page.getByRole("tab", { name: /^Edits/ }).click();
  const list = page.getByRole("list", { name: "Edits from words" });
  const rows = list.getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(0)).toContainText(`SSD · ${STEPS} steps`);
  await expect(rows.locator("img")).toHaveCount(2);
  const isOn = (target: string) => list.getByRole("switch", { name: `“${target}” in the scene` });
  const more = async (target: string, item: string): Promise<void> => {
    await list.getByRole("button", { name: `More of “${target}”` }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };

  await test.step("switched off and on again, each by itself", async () => {
    await isOn(SECOND).press("Space");
    await expect(isOn(SECOND)).not.toBeChecked();
    expect((await bytesOf(page)).equals(once)).toBe(true);
    await isOn(SECOND).press("Space");
    await expect(isOn(SECOND)).toBeChecked();
    expect((await bytesOf(page)).equals(twice)).toBe(true);
    await isOn(FIRST).press("Space");
    await expect(isOn(FIRST)).not.toBeChecked();
    const later = await bytesOf(page);
    expect([once, twice, scene.bytes].some((bytes) => later.equals(bytes))).toBe(false);
    await isOn(FIRST).press("Space");
    await expect(isOn(FIRST)).toBeChecked();
  });

  await test.step("compared with the scene without it", async () => {
    const whole = await picture(canvas, "edits-whole");
    expect(contrast(whole)).toBeGreaterThan(5);
    await list.getByRole("button", { name: `Compare without “${FIRST}”` }).click();
    await expect(
      page.getByRole("slider", { name: `Line between without “${FIRST}” and scene` }),
    ).toBeVisible();
    await expect
      .poll(async () => difference(whole, await picture(canvas, "edits-compared")))
      .toBeGreaterThan(0);
    await page.screenshot({ path: "e2e/artifacts/edits-stack.png" });
    const { violations } = await new AxeBuilder({ page }).include("[role=tabpanel]").analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual(
      [],
    );
    await list.getByRole("button", { name: `Compare without “${FIRST}”` }).click();
    await expect.poll(async () => difference(whole, await picture(canvas, "edits-whole-again"))).toBe(0);
  });

  await test.step("branched from: as it was after it, with what is now kept, hidden", async () => {
    await more(FIRST, "Branch from here");
    await expect(page.getByText(`${scene.name}: ${FIRST}`).first()).toBeVisible();
    expect((await bytesOf(page)).equals(once)).toBe(true);
    await undo.click();
    await expect(isOn(FIRST)).toBeEnabled();
  });

  await test.step("removed, which can be undone", async () => {
    await more(SECOND, "Remove");
    await expect(rows).toHaveCount(1);
    expect((await bytesOf(page)).equals(once)).toBe(true);
    await undo.click();
    await expect(rows).toHaveCount(2);
    expect((await bytesOf(page)).equals(twice)).toBe(true);
  });
});

test("while an edit runs: a term's gradient, the decoded latent, the views it trains on, and a mark for a change", async ({
  page,
}) => {
  const {
    canvas,
    source,
    target,
    edit: start,
    pause,
    resume,
    stop,
    slider,
    steps,
    progress,
    log,
  } = await prepare(page, 300);
  await source.fill(SOURCE);
  await target.fill(FIRST);
  await start.click();
  await expect(progress).toHaveAttribute("aria-valuenow", /[1-9]/);

  await test.step("pictures on demand", async () => {
    const total = page.getByRole("img", { name: "Where the edit wants to change the view" });
    await expect.poll(() => shades(total)).toBeGreaterThan(10);
    await page.getByLabel("Gradient of").selectOption("cross-trajectory");
    const term = page.getByRole("img", { name: "Where cross-trajectory wants to change the view" });
    await expect.poll(() => shades(term)).toBeGreaterThan(10);
    await page.getByLabel("decode it").check();
    const decoded = page.getByRole("img", { name: "Decoded latent of the last training view" });
    await expect.poll(() => shades(decoded)).toBeGreaterThan(10);
  });

  await test.step("a change is marked in the plots of all terms", async () => {
    const marks = async (count: number): Promise<void> => {
      for (const name of ["gradient", "cross-prompt", "cross-trajectory"]) {
        await expect(page.getByRole("img", { name: `Norm of ${name}:` }).locator("line")).toHaveCount(count);
      }
    };
    await drag(slider("Cross-trajectory"), 7);
    await expect(log).toContainText("Cross-trajectory 7 from step");
    await marks(1);
    await page.getByLabel("Views a step").fill("2");
    await page.keyboard.press("Enter");
    await expect(log).toContainText("Views a step 2 from step");
    await marks(2);
  });

  await test.step("a number counts when it has been typed, so that its first digit does not end the run", async () => {
    await steps.focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("1");
    const held = await progress.getAttribute("aria-valuenow");
    await expect(progress).not.toHaveAttribute("aria-valuenow", held!);
    await expect(progress).toHaveAttribute("aria-valuemax", "300");
    await page.keyboard.type("50");
    await page.keyboard.press("Enter");
    await expect(progress).toHaveAttribute("aria-valuemax", "150");
  });

  await test.step("training views", async () => {
    await pause.click();
    await expect(resume).toBeVisible();
    await expect(progress).toHaveAttribute("aria-valuenow", /[1-9]/);
    const views = page.getByRole("button", { name: "Training views" });
    const before = await picture(canvas, "edits-views-off");
    await views.click();
    await expect
      .poll(async () => difference(before, await picture(canvas, "edits-views")))
      .toBeGreaterThan(0.01);
    await resume.click();
    const held = await progress.getAttribute("aria-valuenow");
    await expect
      .poll(async () => Number(await progress.getAttribute("aria-valuenow")))
      .toBeGreaterThan(Number(held) + 5);
    await page.screenshot({ path: "e2e/artifacts/edits-progress.png" });
  });

  await test.step("other words on the way, and the edit is listed with them", async () => {
    await target.fill(SECOND);
    await page.keyboard.press("Enter");
    await expect(log).toContainText(`Target ${SECOND} from step`);
    await stop.click();
    await expect(start).toBeEnabled();
    await page.getByRole("tab", { name: /^Edits/ }).click();
    await expect(page.getByRole("list", { name: "Edits from words" })).toContainText(SECOND);
  });
});

/** How many different bytes a canvas of the page's own holds; one of a single colour has two at most. */
const shades = (canvas: Locator): Promise<number> =>
  canvas.evaluate((element: HTMLCanvasElement) => {
    const { data } = element.getContext("2d")!.getImageData(0, 0, element.width, element.height);
    return new Set(data).size;
  });
