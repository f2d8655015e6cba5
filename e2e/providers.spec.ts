import { expect, test } from "@playwright/test";
import { openPage } from "./page.ts";

/** Float32 on both sides; WebGPU's kernels sum in another order and round exp and rsqrt differently. */
const TOLERANCE = 2e-4;

test("the UNet on the WebGPU provider, sharing our device, agrees with wasm", async ({ page }) => {
  test.setTimeout(600_000); // compiling the UNet's kernels for a software adapter takes most of it
  await openPage(page);
  await page.getByText("Machine", { exact: true }).click();
  const memory = page.getByRole("list", { name: "Memory by view size" });
  await expect(memory.getByRole("listitem").first()).toContainText(/^\d+ px: 0\.\d+ GB$/);
  await expect(page.getByText(/^UNet in float32: /)).toBeVisible();
  await page.getByRole("button", { name: "Compare GPU and CPU" }).click();
  const report = page.getByText(/^UNet: GPU/);
  await expect(report).toBeVisible({ timeout: 540_000 });
  const text = await report.innerText();
  console.log(text);
  expect(Number(/difference ([\d.e+-]+)/.exec(text)![1])).toBeLessThan(TOLERANCE);
  await page.screenshot({ path: "e2e/artifacts/providers.png" });
});
