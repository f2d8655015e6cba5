/** Tests on a real device: one Dawn device per test file; every error nobody expected fails the test. */
import { afterAll, test } from "vitest";
import type { Gpu } from "./device.ts";
import { openNodeGpu } from "./device.node.ts";
import { queueDone } from "./waiting.ts";

const opened: Gpu | Error = await openNodeGpu().catch((error: unknown) =>
  error instanceof Error ? error : new Error(String(error)),
);
const errors: Error[] = [];
if (!(opened instanceof Error)) {
  opened.onError((error) => errors.push(error));
  afterAll(() => opened.destroy());
}

/** False only on a developer's machine without an adapter. */
export const hasGpu = !(opened instanceof Error);

/**
 * `gpuTest("…", async ({ gpu }) => …)`. Without an adapter it counts as skipped, and fails where CI is set: there,
 * none may be skipped. `ownGpu` is a device of the test's own, which it may lose.
 */
export const gpuTest = test.extend<{ gpu: Gpu; ownGpu: Gpu }>({
  gpu: async ({ skip }, use) => {
    if (opened instanceof Error) {
      if (process.env["CI"]) throw opened;
      return skip(opened.message);
    }
    await use(opened);
    const unexpected = await takeErrors(opened);
    if (unexpected.length > 0) throw new AggregateError(unexpected, messages(unexpected));
  },
  // After the other, which says what a machine without an adapter means.
  ownGpu: async ({ gpu: _ }, use) => {
    const own = await openNodeGpu();
    await use(own);
    own.destroy();
  },
});

/** The errors the device raised since last asked; for tests that mean to raise them. */
export async function takeErrors(gpu: Gpu): Promise<Error[]> {
  // Scopes are popped in order, so earlier errors have been announced when this one is.
  gpu.device.pushErrorScope("validation");
  await gpu.device.popErrorScope();
  await queueDone(gpu);
  await new Promise((done) => setImmediate(done));
  return errors.splice(0);
}

const messages = (list: readonly Error[]): string => list.map((error) => error.message).join("\n\n");
