import { expect } from "vitest";
import { gpuTest } from "../gpu/testing.ts";
import { createGraphRunner } from "./graph-runner.ts";
import { networkOf, openModelFolder } from "./model-folder.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { exportReference, exportedFolder } from "./testing/exports.ts";
import { expectClose } from "./testing/expect-close.ts";

useNodeRuntime();

gpuTest("a file in float16 runs on a GPU without half precision, as torch has it", async ({ gpu }) => {
  expect(gpu.isSoftware && gpu.features.has("shader-f16")).toBe(false);
  const folder = await openModelFolder(exportedFolder("sd15-float16"));
  const { ids, hidden } = exportReference("sd15-float16");
  const { ports } = await folder.graph("text_encoder");
  const runner = createGraphRunner("text_encoder", () => folder.graph("text_encoder").then(networkOf), {
    provider: "webgpu",
    gpu,
  });
  const { cpu } = await runner.run({ [ports.ids.name]: { data: ids.data, dims: ids.shape } });
  const { data, dims } = cpu[ports.hidden.name]!;
  expectClose({ data, shape: dims }, hidden, 1e-3);
  await runner.dispose();
});
