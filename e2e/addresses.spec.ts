import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { openScene, ui } from "./page.ts";
import { realScene } from "./scenes.ts";

test("scenes open by address, are found again, and are saved in place", async ({ page, baseURL }) => {
  const missing = new URL("nowhere.ply", baseURL).href;
  const there = new URL("scenes/pumpkin.ply", baseURL).href;

  await test.step("an address that leads nowhere is told, and the demo scene opens instead", async () => {
    await page.goto(`./?url=${encodeURIComponent(missing)}`);
    await expect(ui(page).problem).toContainText("is not there (status 404)");
    await expect(ui(page).scene).toHaveText("red-apple.ply");
    await ui(page).problem.getByRole("button", { name: "Close" }).click();
  });

  await test.step("the dialog opens one", async () => {
    await page.getByRole("button", { name: "File", exact: true }).click();
    await page.getByRole("menuitem", { name: "Open address…" }).click();
    const dialog = page.getByRole("dialog", { name: "Open a scene from an address" });
    await dialog.getByLabel("Address of a .ply").fill(there);
    await page.screenshot({ path: "e2e/artifacts/address-dialog.png" });
    await dialog.getByRole("button", { name: "Open" }).click();
    await expect(ui(page).scene).toHaveText("pumpkin.ply");
  });

  await test.step("saving writes a file of the user's, and again the same one", async () => {
    // A file of the page's own storage stands in for one that the user picks: pickers cannot be operated here.
    await page.evaluate(() => {
      let asked = 0;
      window.showSaveFilePicker = async () => {
        const root = await navigator.storage.getDirectory();
        return root.getFileHandle(`saved-${++asked}.ply`, { create: true });
      };
    });
    const size = (name: string) =>
      page.evaluate(async (file) => {
        const root = await navigator.storage.getDirectory();
        return (await (await root.getFileHandle(file)).getFile()).size;
      }, name);
    await page.keyboard.press("ControlOrMeta+s");
    await expect(ui(page).log).toContainText("Saved saved-1.ply");
    await expect(ui(page).scene).toHaveText("pumpkin.ply"); // and nothing under way
    expect(await size("saved-1.ply")).toBe((await (await page.request.get(there)).body()).length);
    await page.keyboard.press("ControlOrMeta+s");
    await expect(ui(page).log.getByText("Saved saved-1.ply")).toHaveCount(2);
  });

  await test.step("both are remembered by the next visit", async () => {
    await page.goto("./");
    await expect(ui(page).scene).toHaveText("red-apple.ply");
    await page.getByRole("button", { name: "File", exact: true }).click();
    await page.screenshot({ path: "e2e/artifacts/recent-files.png" });
    await expect(page.getByRole("menuitem", { name: "saved-1.ply" })).toBeVisible();
    await page.getByRole("menuitem", { name: "pumpkin.ply" }).click();
    await expect(ui(page).scene).toHaveText("pumpkin.ply");
  });

  await test.step("a pasted address opens", async () => {
    await page.route("**/elsewhere/pasted.ply", (route) => route.fulfill({ body: realScene().bytes }));
    await page.evaluate((address) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", address);
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    }, new URL("elsewhere/pasted.ply", baseURL).href);
    await expect(ui(page).scene).toHaveText("pasted.ply");
  });
});

test("an address that takes too long can be given up, and so can a file", async ({ page }) => {
  const { bytes } = realScene();
  // Half of a scene, and then nothing more.
  const server = createServer((_, response) => {
    response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Content-Length": bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    const asked = once(server, "request");
    const { port } = server.address() as AddressInfo;
    await page.goto(`./?url=${encodeURIComponent(`http://127.0.0.1:${port}/slow.ply`)}`);
    const loading = page.getByRole("region", { name: "Loading" });
    await expect(loading).toContainText(/Loading .+ of .+/);
    await page.screenshot({ path: "e2e/artifacts/address-loading.png" });
    const [, response] = await asked;
    const closed = once(response, "close");
    await loading.getByRole("button", { name: "Cancel loading" }).click();
    await closed;
    await expect(ui(page).scene).toHaveText("red-apple.ply");
    await expect(loading).toBeHidden();
    await expect(ui(page).problem).toBeHidden();
  } finally {
    server.closeAllConnections();
    server.close();
  }

  const given = page.evaluate(async () => {
    const givenUp = new Promise<string>((resolve) => {
      const seen = new MutationObserver(() => {
        const notice = document.querySelector<HTMLElement>("[aria-label=Loading]");
        if (!notice) return;
        seen.disconnect();
        resolve(notice.innerText);
        notice.querySelector("button")!.click();
      });
      seen.observe(document.body, { childList: true, subtree: true });
    });
    // Text takes longer to read than as many binary splats.
    const record = "0.1 0.2 0.3 0.4 0.5 0.6 0.7 -3 -3 -3 1 0 0 0\n";
    const names = "x y z f_dc_0 f_dc_1 f_dc_2 opacity scale_0 scale_1 scale_2 rot_0 rot_1 rot_2 rot_3".split(
      " ",
    );
    const count = 400_000;
    const properties = names.map((name) => `property float ${name}\n`).join("");
    const header = `ply\nformat ascii 1.0\nelement vertex ${count}\n${properties}end_header\n`;
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([header, record.repeat(count)], "large.ply"));
    document.querySelector("main")!.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
    return givenUp;
  });
  expect(await given).toContain("Reading the scene");
  const { scene, problem, log } = ui(page);
  await expect(scene).toHaveText("red-apple.ply");
  await expect(problem).toBeHidden();
  await expect(log).not.toContainText("Opened large.ply");
  await openScene(page, "small.ply", bytes);
});
