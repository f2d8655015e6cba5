import { writeFile } from "node:fs/promises";
import { chromium, expect, test } from "@playwright/test";
import { ensureBrowser, launchFlags } from "./browser.mjs";
import { ui } from "./page.ts";
import { ballScene } from "./scenes.ts";

test("installed as an app, it opens the files it is started with, in a window of its own", async ({
  baseURL,
}, info) => {
  const manifestId = baseURL!;
  // What an installation tells the desktop goes into this folder, too.
  const home = info.outputPath("home");
  const context = await chromium.launchPersistentContext(home, {
    executablePath: ensureBrowser(),
    args: [...launchFlags(), "--window-size=1280,800"],
    env: { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home },
    serviceWorkers: "block",
    viewport: null,
  });
  const [tab] = context.pages();
  const devtools = await context.newCDPSession(tab!);
  await tab!.goto(manifestId);
  await expect(ui(tab!).edit).toBeEnabled();
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  expect(installabilityErrors).toEqual([]);
  await devtools.send("PWA.install", { manifestId, installUrlOrBundleUrl: manifestId });
  try {
    const { fileHandlers } = await devtools.send("PWA.getOsAppState", { manifestId });
    // Never every file of unknown bytes.
    expect(fileHandlers.flatMap(({ accepts }) => accepts)).toEqual([
      { mediaType: "model/x-ply", fileExtensions: [".ply"] },
    ]);

    const files = ["ball.ply", "other ball.ply"].map((name) => info.outputPath(name));
    for (const file of files) await writeFile(file, ballScene().bytes);
    const [app] = await Promise.all([
      context.waitForEvent("page"),
      devtools.send("PWA.launchFilesInApp", { manifestId, files }),
    ]);
    await expect(ui(app).log).toContainText("Opened ball.ply");
    await expect(app.getByRole("list", { name: "Layers", includeHidden: true })).toContainText("other ball");
    await expect(ui(app).log).not.toContainText("Opened red-apple.ply");
    await app.screenshot({ path: "e2e/artifacts/installed.png" });
  } finally {
    await devtools.send("PWA.uninstall", { manifestId });
    await context.close();
  }
});
