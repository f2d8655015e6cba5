import { UserError } from "../core/errors.ts";
import { openNodeGpu } from "../gpu/device.node.ts";
import type { Gpu } from "../gpu/device.ts";
import { EXIT, stage } from "./exit.ts";

/** What to do about it is another matter than in a browser. */
const IN_NODE =
  "Install a Vulkan driver for your GPU. Without a GPU, install Chrome or Chromium (npx playwright install chromium): " +
  "the software driver that it carries is found by itself.";

/**
 * The GPU for a program. An error that no one awaited, say of validation, means that some command did nothing and
 * what follows from it is wrong: the program ends at once and writes nothing, but for errors that it says it handles.
 */
export async function openProgramGpu(isHandled: (error: Error) => boolean = () => false): Promise<Gpu> {
  const gpu = await stage("noGpu", () =>
    openNodeGpu().catch((cause: unknown) => {
      if (!(cause instanceof UserError)) throw cause;
      throw new UserError(cause.message, IN_NODE, { cause });
    }),
  );
  gpu.onError((error) => {
    if (isHandled(error)) return;
    console.error(`The GPU refused a command: ${error.message}`);
    process.exit(EXIT.unexpected.code);
  });
  return gpu;
}
