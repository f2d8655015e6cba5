/** Every form in which public tools write Stable Diffusion can be quantized, and edits with what comes out. */
import { afterAll, describe, expect, it } from "vitest";
import { createRng } from "../core/rng.ts";
import { tensor } from "../core/tensor.ts";
import type { Tensor } from "../core/tensor.ts";
import { relativeError } from "../onnx/testing/golden.ts";
import { createEncoderVjp } from "./codecs/vae-vjp.ts";
import { createDenoiser } from "./denoiser.ts";
import type { Denoiser } from "./denoiser.ts";
import { openModelFolder } from "./model-folder.ts";
import type { ModelFolder, PartLoader } from "./model-folder.ts";
import type { Part } from "./ports.ts";
import { latentGradients, quantizationNoise } from "./quantization-noise.ts";
import { quantizeFolder } from "./quantize-folder.ts";
import { createSchedule } from "./schedule.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { exportNames, exportReference, exportedFolder, isFullSize } from "./testing/exports.ts";
import { memoryFolder } from "./testing/memory-folder.ts";
import { memorySink } from "./testing/memory-sink.ts";

useNodeRuntime();
const WASM = { provider: "wasm" } as const;

async function loader<P extends Part>(folder: ModelFolder, part: P): Promise<PartLoader<P>> {
  return { ports: (await folder.graph(part)).ports, load: () => folder.graph(part) };
}

const denoiserOf = async (folder: ModelFolder): Promise<Denoiser> =>
  createDenoiser(await loader(folder, "unet"), createSchedule(folder.scheduler), WASM);

const unbatched = ({ data, shape }: Tensor): Tensor => tensor(data, shape.slice(1));

/** Two prompts and a latent half way between the source's and another: a moment of an edit. */
function momentOf(name: string) {
  const { hidden } = exportReference(name);
  const rng = createRng("moment");
  const drawn = (shape: readonly number[]): Tensor =>
    tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => rng.normal()),
      shape,
    );
  const source = unbatched(hidden);
  const prompt = (): Tensor => drawn(source.shape);
  const [zSource, z] = [drawn([4, 8, 8]), drawn([4, 8, 8])];
  const none = prompt();
  return { z, zSource, prompts: { source, target: prompt(), null: none, negative: none } };
}

describe.each(exportNames().filter((name) => !isFullSize(name)))("%s", (name) => {
  const exact = openModelFolder(exportedFolder(name));
  const subject = momentOf(name);

  const reference = exact.then(denoiserOf);
  afterAll(async () => (await reference).dispose());

  it.each([
    ["int8", "dequantize", 0.003],
    ["int4", "fused", 0.01],
  ] as const)("%s, products as %s", async (weights, linear, bound) => {
    const { sink, files } = memorySink();
    await quantizeFolder(exportedFolder(name), sink, {
      formats: { unet: weights, text_encoder: weights, vae_encoder: "float16", vae_decoder: "float16" },
      linear,
    });
    const quantized = await openModelFolder(memoryFolder(files));
    const denoiser = await denoiserOf(quantized);
    const options = {
      schedule: createSchedule(quantized.scheduler),
      subjects: [subject],
      timesteps: [500],
    };
    const noise = quantizationNoise(
      await latentGradients(await reference, options),
      await latentGradients(denoiser, options),
    );
    // A miniature has few weights that are worth storing in fewer bits; the embedded model's error is 0.9 %.
    expect(noise.error).toBeLessThan(bound);
    expect(noise.error).toBeGreaterThan(1e-4);
    await denoiser.dispose();
  });

  it("the encoder's gradient, with weights in float16", async () => {
    const { sink, files } = memorySink();
    await quantizeFolder(exportedFolder(name), sink, { formats: { vae_encoder: "float16" } });
    const quantized = await openModelFolder(memoryFolder(files));
    const { image, cotangent, gradient: want } = exportReference(name);
    const vjp = createEncoderVjp(await loader(quantized, "vae_encoder"), WASM);
    const { outputs, gradient } = await vjp.run(
      { data: image.data, dims: image.shape },
      unbatched(cotangent),
    );
    expect(relativeError(outputs.cpu[gradient]!.data, want.data)).toBeLessThan(2e-3);
    await vjp.dispose();
  });
});
