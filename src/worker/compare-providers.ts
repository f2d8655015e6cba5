import { createRng } from "../core/rng.ts";
import { tensor, type Tensor } from "../core/tensor.ts";
import type { FolderSource } from "../diffusion/folder-source.ts";
import { loadPipeline } from "../diffusion/pipeline.ts";
import type { Provider } from "../diffusion/session.ts";
import type { Gpu } from "../gpu/device.ts";
import type { ProviderComparison } from "./protocol.ts";

/** In the middle of the schedule, where a prediction is neither all noise nor all picture. */
const MIDDLE = 0.5;

/**
 * Runs the UNet of a model folder once on either execution provider, on the same noise and prompt, and
 * says how far apart the answers are and how long they took once warm.
 */
export async function compareProviders(gpu: Gpu, folder: FolderSource): Promise<ProviderComparison> {
  const wasm = await evaluate(gpu, folder, "wasm");
  const webgpu = await evaluate(gpu, folder, "webgpu");
  const scale = wasm.epsilon.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const error = webgpu.epsilon.data.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - wasm.epsilon.data[i]!)),
    0,
  );
  return { relativeError: error / scale, webgpuMs: webgpu.ms, wasmMs: wasm.ms };
}

async function evaluate(
  gpu: Gpu,
  folder: FolderSource,
  provider: Provider,
): Promise<{ readonly epsilon: Tensor; readonly ms: number }> {
  const pipeline = await loadPipeline(folder, { gpu, provider });
  try {
    const { codec, denoiser, info, schedule, textEncoder } = pipeline;
    const side = info.resolution / codec.downscale;
    const rng = createRng("provider comparison");
    const noise = Float32Array.from({ length: codec.latentChannels * side * side }, () => rng.normal());
    const slot = {
      latent: tensor(noise, [codec.latentChannels, side, side]),
      prompt: await textEncoder.embed(info.examples[0]?.target ?? ""),
    };
    const t = Math.round(MIDDLE * schedule.steps);
    await denoiser.predict([slot], t); // loads the network and compiles its kernels
    const begun = performance.now();
    const [epsilon] = await denoiser.predict([slot], t);
    return { epsilon: epsilon!, ms: performance.now() - begun };
  } finally {
    await pipeline.dispose();
  }
}
