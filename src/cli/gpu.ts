import { openNodeGpu } from "../gpu/device.node.ts";
import type { Gpu } from "../gpu/device.ts";
import { EXIT, stage } from "./exit.ts";

/**
 * The GPU for a program. An error that no one awaited, say of validation, means that some command did nothing and
 * what follows from it is wrong: the program ends at once and writes nothing.
 */
export async function openProgramGpu(): Promise<Gpu> {
  const gpu = await stage("noGpu", () => openNodeGpu());
  gpu.onError((error) => {
    console.error(`The GPU refused a command: ${error.message}`);
    process.exit(EXIT.unexpected.code);
  });
  return gpu;
}
