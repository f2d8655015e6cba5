import { expect, test, type Page } from "@playwright/test";
import { exported, openFile, openPage, openScene, ui } from "./page.ts";
import { ballScene } from "./scenes.ts";

test.use({ viewport: { width: 1110, height: 600 } });

/** What nothing that a user does may lead to. */
function watchForBugs(page: Page): readonly string[] {
  const bugs: string[] = [];
  page.on("pageerror", (error) => bugs.push(String(error)));
  return bugs;
}

test("without its model the page says so and edits by hand, until the model is there", async ({ page }) => {
  const isMissing = (url: URL): boolean => url.pathname.startsWith("/models/");
  await page.route(isMissing, (route) => route.fulfill({ status: 404 }));
  await page.goto("./");
  const { problem, edit, source, target } = ui(page);
  await expect(problem).toContainText("Everything but edits from words works without it.");
  await page.screenshot({ path: "e2e/artifacts/no-model.png" });
  await expect(edit).toBeDisabled();
  const { name, bytes } = ballScene();
  await openScene(page, name, bytes);
  await source.fill("a photo of a red ball");
  await target.fill("a photo of a blue ball");
  const scene = page.getByRole("complementary", { name: "Scene" });
  await scene.getByRole("button", { name: "All", exact: true }).click();
  await scene.getByRole("button", { name: "Duplicate", exact: true }).click();
  await expect(page.getByText("600 splats in all")).toBeVisible();
  await page.unroute(isMissing);
  await problem.getByRole("button", { name: "Load the model again" }).click();
  await expect(edit).toBeEnabled();
});

test("a rough user: odd words, files in a heap, a tiny window, clicks everywhere during a run", async ({
  page,
}) => {
  const bugs = watchForBugs(page);
  // Native dialogs would wait for somebody; file inputs stand in.
  await page.addInitScript(() => {
    delete (window as Partial<typeof window>).showOpenFilePicker;
    delete (window as Partial<typeof window>).showSaveFilePicker;
  });
  page.on("filechooser", () => undefined);
  const { source, target, steps, edit, log } = await openPage(page);
  const { name, bytes } = ballScene();

  await test.step("reloaded while a file opens", async () => {
    await openFile(page, name, bytes);
    await page.reload();
    await expect(edit).toBeEnabled();
  });

  await test.step("two files dropped at once", async () => {
    const files = await page.evaluateHandle((base64) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      for (const each of ["a.ply", "b.ply"]) data.items.add(new File([content], each));
      return data;
    }, bytes.toString("base64"));
    await page.getByRole("main").dispatchEvent("drop", { dataTransfer: files });
    await expect(page.getByText("600 splats in all")).toBeVisible();
  });

  await test.step("words that the model has never seen, too many, and none", async () => {
    await steps.fill("1");
    const odd = ["一张红苹果的照片", "🍎🔥👩‍👩‍👧‍👦", "very ".repeat(1000), "\u202e\u0000<b>&amp;"];
    for (const [i, words] of odd.entries()) {
      await source.fill(words);
      await target.fill(`${words} blue`);
      await edit.click();
      await expect(log.getByText("Edit finished after 1 step")).toHaveCount(i + 1);
    }
    for (const words of ["", "   "]) {
      await target.fill(words);
      await expect(edit).toBeDisabled();
    }
  });

  await test.step("clicks everywhere during a run", async () => {
    await source.fill("a photo of a red apple on grass");
    await target.fill("a photo of a blue apple on grass");
    await steps.fill("300");
    await edit.click();
    for (const [seed, width] of [300, 1110].entries()) {
      await page.setViewportSize({ width, height: 600 });
      await clickAround(page, seed, 60);
    }
    await page.screenshot({ path: "e2e/artifacts/rough.png" });
  });

  expect(bugs).toEqual([]);
  await expect(log).not.toContainText("This is a bug");
  // Whatever is open or under way by now, the engine answers.
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(async () => {
    await page.keyboard.press("Escape");
    const cancel = ui(page).cancel;
    if (await cancel.isVisible()) await cancel.click({ timeout: 2000 });
    await openFile(page, "after.ply", bytes);
    await expect(ui(page).scene).toHaveText("after.ply", { timeout: 5000 });
  }).toPass();
  expect((await exported(page)).bytes.equals(bytes)).toBe(true);
  expect(bugs).toEqual([]);
});

/** Clicks on whatever can be clicked, by chance, and types keys; the same every time. */
const clickAround = (page: Page, seed: number, clicks: number): Promise<void> =>
  page.evaluate(
    async ([start, count]) => {
      let state = start! + 1;
      const random = (n: number): number => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return (state >>> 8) % n;
      };
      const keys = [
        "Escape",
        "Enter",
        "Tab",
        "1",
        "2",
        "r",
        "l",
        "b",
        "j",
        "v",
        "f",
        "?",
        "ArrowLeft",
        "Delete",
      ];
      const selector = "button, summary, [role=menuitem], [role=tab], [role=option], input[type=checkbox]";
      for (let i = 0; i < count!; i++) {
        const all = [...document.querySelectorAll<HTMLElement>(selector)].filter((element) =>
          element.checkVisibility(),
        );
        if (random(4) > 0) all[random(all.length)]?.click();
        else {
          const event = { key: keys[random(keys.length)]!, bubbles: true, ctrlKey: random(4) === 0 };
          (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", event));
        }
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
    [seed, clicks],
  );
