import { openGpu } from "../gpu/device.ts";
import { browserStore } from "../models/opfs-store.ts";
import { createModelsHost, type ModelsHost } from "./models-host.ts";
import type { ModelsCalls, ModelsEvents } from "./models-protocol.ts";
import { serveRpc, type Port } from "./rpc.ts";
import { webLocks } from "./tab-locks.ts";

/** On a device of its own, so that a model too large for the GPU takes nothing with it. */
const measure: ModelsHost["measure"] = async (exact, quantized, signal) => {
  // Loaded when needed: ONNX Runtime is most of this worker.
  const [{ measureFolders }, { chooseProvider }] = await Promise.all([
    import("../diffusion/measure-folders.ts"),
    import("../diffusion/pipeline.ts"),
  ]);
  const gpu = await openGpu();
  try {
    return await measureFolders(exact, quantized, {
      backend: { provider: chooseProvider(gpu), gpu },
      signal,
    });
  } finally {
    gpu.destroy();
  }
};

const server = serveRpc<ModelsCalls, ModelsEvents>(
  self as unknown as Port,
  createModelsHost((...event) => server.emit(...event), {
    store: () => browserStore(),
    fetch: self.fetch.bind(self),
    locks: webLocks,
    measure,
  }),
);
