import { expect, type Locator, type Page } from "@playwright/test";
import { PNG } from "pngjs";

/** The page as its users see it: everything goes through labels, roles and pixels. */
export const ui = (page: Page) => ({
  canvas: page.getByRole("img", { name: /^The scene/ }),
  edit: page.getByRole("button", { name: "Edit", exact: true }),
  pause: page.getByRole("button", { name: "Pause" }),
  resume: page.getByRole("button", { name: "Resume" }),
  stop: page.getByRole("button", { name: "Stop & keep" }),
  cancel: page.getByRole("button", { name: "Cancel" }),
  undo: page.getByRole("button", { name: "Undo", exact: true }),
  redo: page.getByRole("button", { name: "Redo", exact: true }),
  exportPly: page.getByRole("button", { name: "Export .ply" }),
  original: page.getByRole("button", { name: "Hold for original" }),
  source: page.getByLabel("The scene shows"),
  target: page.getByLabel("It should show"),
  steps: page.getByLabel("Steps", { exact: true }),
  slider: (name: string) => page.getByRole("slider", { name }),
  progress: page.getByRole("progressbar", { name: "Edit" }),
  log: page.getByRole("log", { includeHidden: true }), // behind its tab
  problem: page.getByRole("alert"),
  /** Name of the scene that is open. */
  scene: page.getByRole("main").getByRole("status"),
});

/** Opens the page and waits until an edit could be started. */
export async function openPage(page: Page): Promise<ReturnType<typeof ui>> {
  await page.goto("./");
  const elements = ui(page);
  await expect(elements.edit).toBeEnabled({ timeout: 120_000 });
  return elements;
}

export async function openFile(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page
    .getByLabel("Scene file")
    .setInputFiles({ name, mimeType: "application/octet-stream", buffer: bytes });
}

/** Opens a file that is a scene, and waits until the page has taken it up. */
export async function openScene(page: Page, name: string, bytes: Buffer): Promise<void> {
  const opened = ui(page).log.getByText(`Opened ${name}`);
  const before = await opened.count();
  await openFile(page, name, bytes);
  await expect(opened).toHaveCount(before + 1);
  await expect(ui(page).scene).toHaveText(name);
}

/** What "Export .ply" saves. */
export async function exported(page: Page): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), ui(page).exportPly.click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}

/** Sets a range input as dragging does: to the value, with the events of a user. */
export const drag = (slider: Locator, value: number): Promise<void> => slider.fill(String(value));

/** Unseen but still there, so that a button that is held stays held. */
const WITHOUT_OVERLAYS = "main [data-overlay] { opacity: 0 !important; transition: none !important; }";

/** What the canvas shows once it shows the latest state in full, kept as `e2e/artifacts/<name>.png`. */
export async function picture(element: Locator, name: string): Promise<PNG> {
  await expect(element).toHaveAttribute("aria-busy", "false");
  const path = `e2e/artifacts/${name}.png`;
  return PNG.sync.read(await element.screenshot({ path, style: WITHOUT_OVERLAYS }));
}

/** Standard deviation of the grey values of the middle of a picture, 0 … 255; an empty canvas has 0. */
export function contrast({ width, height, data }: PNG): number {
  const values: number[] = [];
  for (let y = Math.floor(height / 4); y < (3 * height) / 4; y++) {
    for (let x = Math.floor(width / 4); x < (3 * width) / 4; x++) {
      const i = 4 * (y * width + x);
      values.push((data[i]! + data[i + 1]! + data[i + 2]!) / 3);
    }
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Means over squares of `factor` pixels, in which what moved by a pixel or two hardly shows. */
export function shrunk(picture: PNG, factor: number): PNG {
  const width = Math.floor(picture.width / factor);
  const height = Math.floor(picture.height / factor);
  const small = new PNG({ width, height });
  for (let i = 0; i < small.data.length; i++) {
    const [channel, x, y] = [i % 4, Math.floor(i / 4) % width, Math.floor(i / 4 / width)];
    let sum = 0;
    for (let row = y * factor; row < (y + 1) * factor; row++) {
      for (let column = x * factor; column < (x + 1) * factor; column++) {
        sum += picture.data[4 * (row * picture.width + column) + channel]!;
      }
    }
    small.data[i] = Math.round(sum / factor ** 2);
  }
  return small;
}

/** The outermost pixels of the canvas carry the keyboard's focus ring. */
const RING = 4;

/** Mean absolute difference of two pictures of one size, 0 … 255. */
export function difference(a: PNG, b: PNG): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  let sum = 0;
  let count = 0;
  for (let y = RING; y < a.height - RING; y++) {
    for (let i = 4 * (y * a.width + RING); i < 4 * ((y + 1) * a.width - RING); i++) {
      sum += Math.abs(a.data[i]! - b.data[i]!);
      count++;
    }
  }
  return sum / count;
}
