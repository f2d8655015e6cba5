/** What is to be seen and pressed on screens of several sizes: nothing cut off, nothing too small, nothing in the way. */
import { expect, test, type Page } from "@playwright/test";
import { openPage } from "./page.ts";

/** The least side of what is pressed, CSS pixels: WCAG 2.2, 2.5.8. */
const LEAST = 24;

/** Everything that can be pressed and is cut off, too small, or lies under something else; in words. */
const faults = (page: Page): Promise<string[]> =>
  page.evaluate((least) => {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) found.push("the page scrolls");
    const scrolled = (element: Element): Element | null => {
      let at = element.parentElement;
      while (at && !/auto|scroll/.test(getComputedStyle(at).overflowY)) at = at.parentElement;
      return at;
    };
    const controls = "button, input:not([type=file]), select, summary, [role=slider], [role=tab]";
    for (const control of document.querySelectorAll<HTMLElement>(controls)) {
      // The faces of the cube turn away, and each has a key and a row in the View menu too.
      if (!control.checkVisibility() || control.closest("[aria-label='Look from']")) continue;
      const name = control.ariaLabel ?? (control.textContent || control.id);
      const box = control.getBoundingClientRect();
      const target = control.closest("label")?.getBoundingClientRect() ?? box;
      if (box.width === 0) continue; // Mantine hides the box of a switch behind its picture
      if (Math.min(target.width, target.height) < least - 0.5)
        found.push(`${name}: ${target.width.toFixed()} × ${target.height.toFixed()}`);
      const frame = scrolled(control)?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
      if (box.left < frame.left - 1 || box.right > frame.right + 1) found.push(`${name}: cut off sideways`);
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (y < frame.top || y > frame.bottom) {
        if (frame.height === innerHeight) found.push(`${name}: outside of the window`);
        continue;
      }
      const top = document.elementFromPoint(x, y);
      if (!top || (!control.contains(top) && !top.contains(control))) found.push(`${name}: covered`);
    }
    return found;
  }, LEAST);

/** Both side panels, one after the other where there is no room for both, with every section open. */
async function walk(page: Page): Promise<void> {
  for (const name of ["Scene panel", "Edit panel"]) {
    const button = page.getByRole("banner").getByRole("button", { name });
    if ((await button.getAttribute("aria-pressed")) === "false") await button.click();
    await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
    await page.mouse.move(0, 0);
    expect.soft(await faults(page)).toEqual([]);
  }
}

test("from a small laptop to a tablet, all that can be pressed is whole, free and large enough", async ({
  page,
}) => {
  await openPage(page);
  for (const [width, height] of [
    [1280, 720],
    [1024, 768],
    [768, 1024],
    [1280, 560],
  ] as const) {
    await page.setViewportSize({ width, height });
    await test.step(`${width} × ${height}`, async () => {
      await walk(page);
      await page.screenshot({ path: `e2e/artifacts/layout-${width}x${height}.png` });
    });
  }
});

test.describe("by touch", () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 768, height: 1024 } });

  test("a tablet held upright has all of it, with more room for fingers", async ({ page }) => {
    await openPage(page);
    await walk(page);
    await page.screenshot({ path: "e2e/artifacts/layout-touch.png" });
    expect(await page.evaluate(() => innerWidth)).toBe(768); // else the page was too wide and has been shrunk
  });
});
