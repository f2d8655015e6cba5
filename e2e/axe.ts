import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Nothing of the page as it is would make a screen reader or weak eyes stumble. Kept as `e2e/artifacts/<name>.png`. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `e2e/artifacts/${name}.png` });
  await expectNoViolations(new AxeBuilder({ page }), name);
}

/** The same, in both schemes; colours are all that differs between them. */
export async function expectAccessibleInBoth(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: "light" });
  await page.screenshot({ path: `e2e/artifacts/${name}-light.png` });
  await expectNoViolations(new AxeBuilder({ page }).withRules("color-contrast"), `${name}-light`);
}

async function expectNoViolations(axe: AxeBuilder, name: string): Promise<void> {
  const { violations } = await axe.analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect.soft(told, name).toEqual([]);
}
