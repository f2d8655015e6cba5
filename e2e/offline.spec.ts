import { expect, test, type Page } from "@playwright/test";
import { ui } from "./page.ts";
import { staticHost } from "./static-host.ts";

test.use({ serviceWorkers: "allow" });

test("the page stays when the network goes, isolated by itself, and never changes its version unasked", async ({
  page,
  context,
}) => {
  const host = await staticHost();

  await test.step("a visit keeps everything", async () => {
    await page.goto(host.url);
    await expect(ui(page).log).toContainText("Ready to work offline.");
    expect(await isIsolated(page)).toBe(false);
  });

  await test.step("it can be installed, and opens scene files then", async () => {
    const { icons, file_handlers } = (await (
      await page.request.get(`${host.url}manifest.webmanifest`)
    ).json()) as Manifest;
    for (const { src } of icons) expect((await page.request.get(host.url + src)).ok(), src).toBe(true);
    expect(Object.values(file_handlers[0]!.accept).flat()).toContain(".ply");
  });

  await test.step("without a server, scene, model and edit are there, now with threads", async () => {
    await host.stop();
    await context.setOffline(true);
    await page.goto(host.url);
    await expect(ui(page).edit).toBeEnabled();
    expect(await isIsolated(page)).toBe(true);
    await expect(ui(page).scene).toHaveText("red-apple.ply");
    await ui(page).steps.fill("1");
    await ui(page).edit.click();
    await expect(ui(page).log).toContainText("Edit finished after 1 step");
    await page.screenshot({ path: "e2e/artifacts/offline.png" });
    await expect(ui(page).log).not.toContainText("single thread");
  });

  await test.step("a newer version waits until it is asked for", async () => {
    await host.startNewer();
    await context.setOffline(false);
    await page.evaluate(async () => {
      document.body.dataset["visit"] = "same";
      await (await navigator.serviceWorker.ready).update();
    });
    const reload = page.getByRole("status").getByRole("button", { name: "reload" });
    await expect(reload).toBeVisible();
    await page.screenshot({ path: "e2e/artifacts/newer-version.png" });
    await expect(page.locator("body[data-visit]")).toBeVisible();
    await reload.click();
    await expect(page.locator("body[data-visit]")).toHaveCount(0);
    await expect(ui(page).edit).toBeEnabled();
    await expect(reload).toBeHidden();
  });

  await host.stop();
});

const isIsolated = (page: Page): Promise<boolean> => page.evaluate(() => crossOriginIsolated);

interface Manifest {
  readonly icons: readonly { readonly src: string }[];
  readonly file_handlers: readonly { readonly accept: Readonly<Record<string, readonly string[]>> }[];
}
