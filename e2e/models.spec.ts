import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { exportedFiles } from "../src/diffusion/testing/exports.ts";
import { startHub, type HubServer } from "../src/models/testing/hub-server.node.ts";
import { openPage, ui } from "./page.ts";

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A miniature of Stable Diffusion 1.5 with random weights, as diffusers' script exports it. */
const FILES = exportedFiles("sd15-diffusers");
const ID = "owner/name";
/** The largest file, which comes last. */
const LAST = "unet/model.onnx";
const BEFORE_LAST = 1 - FILES[LAST]!.length / sum(Object.values(FILES).map(({ length }) => length));

let hub: HubServer;
/** From which bytes on downloads have asked for a file; looking at a graph asks for no part. */
const asked = (path: string): readonly string[] =>
  hub.log.flatMap((request) =>
    request.method === "GET" && request.path.endsWith(path) ? (request.range ?? []) : [],
  );
test.beforeEach(async () => {
  hub = await startHub(FILES, { cardData: { license: "creativeml-openrail-m" } });
});
test.afterEach(() => hub.close());

const dialogOf = (page: Page) => {
  const dialog = page.getByRole("dialog", { name: "Models" });
  const button = (name: string | RegExp) => dialog.getByRole("button", { name, exact: true });
  return {
    dialog,
    button,
    tab: (name: string) => dialog.getByRole("tab", { name }),
    problem: dialog.getByRole("alert"),
    note: dialog.getByRole("status"),
    row: (name: string) => dialog.getByRole("listitem", { name, exact: true }),
    async open() {
      await page.getByRole("button", { name: "File", exact: true }).click();
      await page.getByRole("menuitem", { name: "Models…" }).click();
      await expect(dialog).toBeVisible();
    },
    /** Looks at what is behind an address or a name on the hub that stands in. */
    async look(text: string) {
      await dialog.getByRole("tab", { name: "From the network" }).click();
      const mirror = dialog.getByLabel("Address of the hub");
      if (!(await mirror.isVisible())) await dialog.getByText("Use a mirror of the hub").click();
      await mirror.fill(hub.url);
      await dialog.getByLabel("Hub repository or address").fill(text);
      await dialog.locator("form").getByRole("button", { name: "Look" }).click();
    },
    async expectAccessible(name: string) {
      await page.screenshot({ path: `e2e/artifacts/models-${name}.png` });
      const { violations } = await new AxeBuilder({ page }).include("[role=dialog]").analyze();
      expect(violations).toEqual([]);
    },
  };
};

/** Two steps at the model's own size, which is small. */
async function editTwoSteps(page: Page): Promise<void> {
  const { edit, source, target, steps, log } = ui(page);
  await source.fill("a photo of a red apple");
  await target.fill("a photo of a blue apple");
  await steps.fill("2");
  await edit.click();
  await expect(log).toContainText("Edit finished after 2 steps");
}

test("a model from the hub: licence, download, a cut, a reload, a wrong file, quantized, used, deleted", async ({
  page,
}) => {
  await openPage(page);
  const { dialog, button, tab, problem, note, row, open, look, expectAccessible } = dialogOf(page);
  await open();
  await expectAccessible("empty");

  await test.step("what is not there is said in words", async () => {
    await look("owner/absent");
    await expect(problem).toContainText("is not there");
    await expectAccessible("network");
    await problem.getByRole("button", { name: "Dismiss" }).click();
  });

  await test.step("the licence is shown before anything large is fetched", async () => {
    await look(ID);
    const offer = dialog.getByRole("region", { name: ID });
    await expect(offer.getByRole("link", { name: "CreativeML OpenRAIL-M" })).toBeVisible();
    await expectAccessible("offer");
    expect(asked("")).toEqual([]);
  });

  await test.step("a cut connection is taken up again; a paused download outlives the page", async () => {
    hub.trouble.set(LAST, { cut: { after: 20_000, times: 1 }, slow: 2_000 });
    await button("Agree and download").click();
    const share = (): Promise<number> =>
      row(ID)
        .getByRole("progressbar")
        .evaluate((bar: HTMLProgressElement) => bar.value);
    await expect.poll(() => asked(LAST).length).toBeGreaterThan(1);
    await expect.poll(share).toBeGreaterThan(BEFORE_LAST);
    await row(ID).getByRole("button", { name: "Pause" }).click();
    await expect(note).toContainText("is paused");
    await expect(row(ID)).toContainText("paused");
    await page.reload();
    await open();
    await expect(row(ID)).toContainText("paused");
    await expectAccessible("paused");
  });

  await test.step("a file that is not what was promised is refused, and fetched anew", async () => {
    hub.trouble.set(LAST, { corrupt: true });
    await row(ID).getByRole("button", { name: "Go on" }).click();
    await expect(problem).toContainText("is not the file it should be");
    expect(asked(LAST).at(-1)).not.toBe("bytes=0-"); // what had come was not asked for again
    await expectAccessible("wrong-hash");
    hub.trouble.delete(LAST);
    await row(ID).getByRole("button", { name: "Go on" }).click();
    await expect(note).toContainText("is complete");
    await row(ID).getByRole("button", { name: "Verify" }).click();
    await expect(note).toContainText(`${ID} is good.`);
  });

  const made = `${ID}, 8 bits`;
  await test.step("quantized, with what that does to edits", async () => {
    await row(ID).getByRole("button", { name: "Quantize" }).click();
    await page.getByRole("menuitem", { name: /^8 bits/ }).click();
    await expect(note).toContainText(/is made\. It changes the gradient of an edit by [\d.]+ %/);
    await expect(row(made)).toContainText("complete");
    await expectAccessible("quantized");
  });

  await test.step("used for an edit", async () => {
    await row(made).getByRole("button", { name: "Use" }).click();
    await expect(dialog).toBeHidden();
    await expect(ui(page).log).toContainText(`Model: ${made}`);
    await editTwoSteps(page);
    await page.screenshot({ path: "e2e/artifacts/models-edited.png" });
  });

  await test.step("deleted, but not while it is in use", async () => {
    await open();
    await expect(row(made)).toContainText("in use");
    await expect(row(made).getByRole("button", { name: "Delete" })).toHaveCount(0);
    await row(ID).getByRole("button", { name: "Delete" }).click();
    await row(ID).getByRole("button", { name: "Really delete" }).click();
    await expect(row(ID)).toHaveCount(0);
    await expect(note).toContainText("is deleted");
    await expect(tab("On this machine")).toHaveAttribute("aria-selected", "true");
  });
});

test("a model from a folder: refused in words when it is none, used where it lies, cut prompts noted", async ({
  page,
}, info) => {
  const folderWith = (name: string, paths: readonly string[]): string => {
    const root = info.outputPath(name);
    for (const path of paths) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), files[path]!);
    }
    return root;
  };
  // Trained on twice its pictures' size, so that there is a size to choose.
  const config = {
    ...(JSON.parse(Buffer.from(FILES["unet/config.json"]!).toString()) as object),
    sample_size: 16,
  };
  const files: typeof FILES = { ...FILES, "unet/config.json": Buffer.from(JSON.stringify(config)) };
  const paths = Object.keys(files);
  const whole = folderWith("tiny-sd", paths);
  const partial = folderWith(
    "no-unet",
    paths.filter((path) => !path.startsWith("unet/")),
  );

  const { target, steps, edit, stop, progress, log } = await openPage(page);
  const { dialog, button, tab, problem, open, expectAccessible } = dialogOf(page);
  await open();
  await tab("From a folder").click();
  await dialog.getByLabel("Model folder").setInputFiles(partial);
  await expect(problem).toContainText("has no unet/model.onnx");
  await expectAccessible("folder-refused");
  await dialog.getByLabel("Model folder").setInputFiles(whole);
  await expect(dialog.getByRole("group", { name: "tiny-sd" })).toBeVisible();
  await expectAccessible("folder");
  await button("Use").click();
  await expect(log).toContainText("Model: tiny-sd");
  await editTwoSteps(page);

  await test.step("its views may become smaller while a run goes on", async () => {
    await steps.fill("1000");
    await edit.click();
    const view = page.getByRole("img", { name: "Last training view", exact: true });
    const side = (): Promise<number> => view.evaluate((canvas: HTMLCanvasElement) => canvas.width);
    await expect.poll(side).toBe(128);
    await page.getByLabel("View size", { exact: true }).selectOption("64");
    await expect(log).toContainText("View size 64 from step");
    await expect.poll(side).toBe(64);
    await expect(progress).toHaveAttribute("aria-valuemax", "1000");
    await page.screenshot({ path: "e2e/artifacts/models-resized.png" });
    await stop.click();
    await expect(log).toContainText("Edit stopped and kept after");
  });

  await target.fill(`${"a photo of ".repeat(40)} the end`);
  await expect(page.getByText(/^Too long for this model: it will not read the end, “.*/)).toBeVisible();
});

test("a stored model: its encoder stands in for another's; remembered, and kept while a tab has it", async ({
  page,
  context,
}) => {
  await openPage(page);
  const { button, note, row, open, look, dialog } = dialogOf(page);
  const { log } = ui(page);
  const machine = (of: Page) => of.getByText("Machine", { exact: true });
  await open();
  await look(ID);
  await button("Agree and download").click();
  await expect(note).toContainText("is complete");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  await test.step("as the encoder of the model that comes along", async () => {
    await machine(page).click();
    await page.getByLabel("Encoder", { exact: true }).selectOption({ label: ID });
    await expect(log).toContainText(`with the encoder of ${ID} (vae)`);
    await page.getByRole("button", { name: "Compare encoders" }).click();
    await expect(page.getByText(/cosine -?[\d.]+, -?[\d.]+, -?[\d.]+\.$/)).toBeVisible();
    await page.screenshot({ path: "e2e/artifacts/models-encoder.png" });
  });

  await test.step("as the model, after a reload, too", async () => {
    await open();
    await row(ID).getByRole("button", { name: "Use" }).click();
    await expect(log).toContainText(`Model: ${ID},`);
    await page.reload();
    await expect(log).toContainText(`Model: ${ID},`);
  });

  await test.step("not deleted from another tab", async () => {
    const other = await context.newPage();
    await openPage(other);
    await expect(ui(other).log).toContainText(`Model: ${ID},`);
    await machine(other).click();
    await other.getByLabel("Model", { exact: true }).selectOption({ index: 0 });
    await expect(ui(other).log).toContainText("Model: Splatsmith mini");
    const there = dialogOf(other);
    await there.open();
    const remove = async (): Promise<void> => {
      await there.row(ID).getByRole("button", { name: "Delete" }).click();
      await there.row(ID).getByRole("button", { name: "Really delete" }).click();
    };
    await remove();
    await expect(there.problem).toContainText(`${ID} is in use, here or in another tab.`);
    await there.expectAccessible("in-use");
    await page.close();
    await remove();
    await expect(there.row(ID)).toHaveCount(0);
  });
});

test("FreeU, the memory and a picked folder: chosen, kept over a reload, allowed again; an encoder from the hub alone", async ({
  page,
}) => {
  // The browser's window for picking cannot be driven; a folder of the page's own storage has the same handles.
  await page.addInitScript(() => {
    const state = window as unknown as { showDirectoryPicker: unknown };
    state.showDirectoryPicker = async () =>
      (await navigator.storage.getDirectory()).getDirectoryHandle("mine");
    FileSystemHandle.prototype.queryPermission = () =>
      Promise.resolve(localStorage.getItem("lapsed") === "yes" ? "prompt" : "granted");
    FileSystemHandle.prototype.requestPermission = () => {
      localStorage.removeItem("lapsed");
      return Promise.resolve("granted");
    };
  });
  const { log } = await openPage(page);
  const { dialog, button, tab, note, open, look, row, expectAccessible } = dialogOf(page);
  const machine = page.getByText("Machine", { exact: true });
  const freeU = page.getByLabel("FreeU", { exact: true });
  await page.evaluate(
    async (files) => {
      const mine = await (
        await navigator.storage.getDirectory()
      ).getDirectoryHandle("mine", { create: true });
      for (const [path, base64] of files) {
        const names = path.split("/");
        let folder = mine;
        for (const name of names.slice(0, -1))
          folder = await folder.getDirectoryHandle(name, { create: true });
        const file = await (await folder.getFileHandle(names.at(-1)!, { create: true })).createWritable();
        await file.write(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
        await file.close();
      }
    },
    Object.entries(FILES).map(([path, bytes]) => [path, Buffer.from(bytes).toString("base64")] as const),
  );

  await test.step("a folder is picked and used, with FreeU and less memory", async () => {
    await open();
    await tab("From a folder").click();
    await button("Choose a folder…").click();
    await expect(dialog.getByRole("group", { name: "mine" })).toBeVisible();
    await button("Use").click();
    await expect(log).toContainText("Model: mine,");
    await machine.click();
    await freeU.selectOption({ label: "As published for Stable Diffusion 1.5" });
    await expect(log).toContainText("FreeU b1=1.5 b2=1.6 s1=0.9 s2=0.2");
    await page.getByLabel("Memory for the model").selectOption("3 GB");
    await expect(page.getByLabel("Memory for the model")).toHaveValue("3");
  });

  await test.step("the folder and the memory are there after a reload", async () => {
    await page.reload();
    await expect(log).toContainText("Model: mine,");
    await machine.click();
    await expect(page.getByLabel("Memory for the model")).toHaveValue("3");
    await expect(freeU).toHaveValue("off");
  });

  await test.step("where reading has lapsed, the user is asked", async () => {
    await page.evaluate(() => localStorage.setItem("lapsed", "yes"));
    await page.reload();
    await expect(log).toContainText("Model: Splatsmith mini");
    const allow = page.getByRole("button", { name: "Allow reading “mine”" });
    await page.screenshot({ path: "e2e/artifacts/models-allow.png" });
    await allow.click();
    await expect(log).toContainText("Model: mine,");
    await expect(allow).toBeHidden();
  });

  await test.step("an encoder alone, from the hub and from a folder", async () => {
    await machine.click();
    await page.getByRole("button", { name: "Encoders…" }).click();
    await look(ID);
    const offer = dialog.getByRole("region", { name: ID });
    await expect(offer).toContainText("Its encoder alone");
    await button("Agree and download").click();
    await expect(note).toContainText("is complete");
    expect(asked("vae_encoder/model.onnx")).not.toEqual([]);
    expect(asked(LAST)).toEqual([]);
    await expectAccessible("encoder-stored");
    await row(ID).getByRole("button", { name: "Use as encoder" }).click();
    await expect(log).toContainText(`with the encoder of ${ID} (vae)`);
    await page.getByRole("button", { name: "Encoders…" }).click();
    await tab("From a folder").click();
    await button("Choose a folder…").click();
    await expect(dialog.getByRole("group", { name: "mine" })).toBeVisible();
    await expectAccessible("encoder-folder");
    await button("Use as encoder").click();
    await expect(log).toContainText("with the encoder of mine (vae)");
  });

  await test.step("an edit with that encoder and FreeU", async () => {
    await freeU.selectOption({ label: "As published for Stable Diffusion 1.5" });
    await expect(log).toContainText("with the encoder of mine (vae), FreeU b1=1.5 b2=1.6 s1=0.9 s2=0.2");
    await editTwoSteps(page);
  });
});
