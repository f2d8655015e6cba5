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
      writeFileSync(join(root, path), FILES[path]!);
    }
    return root;
  };
  const paths = Object.keys(FILES);
  const whole = folderWith("tiny-sd", paths);
  const partial = folderWith(
    "no-unet",
    paths.filter((path) => !path.startsWith("unet/")),
  );

  const { target, log } = await openPage(page);
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
