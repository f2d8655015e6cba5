/** Stable Diffusion's architectures as public tools export them give torch's numbers, whatever the form. */
import { describe, expect, it } from "vitest";
import { tensor } from "../core/tensor.ts";
import type { Tensor } from "../core/tensor.ts";
import { meanEncoder } from "./codecs/mean-encoder.ts";
import { createEncoderVjp } from "./codecs/vae-vjp.ts";
import { createDenoiser } from "./denoiser.ts";
import { createGraphRunner } from "./graph-runner.ts";
import { networkOf, openModelFolder } from "./model-folder.ts";
import type { ModelFolder, PartLoader } from "./model-folder.ts";
import type { Part } from "./ports.ts";
import { createSchedule } from "./schedule.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { exportNames, exportReference, exportedFolder, isFullSize } from "./testing/exports.ts";
import { createTokenizer } from "./tokenizer.ts";

useNodeRuntime();
const WASM = { provider: "wasm" } as const;

async function loader<P extends Part>(folder: ModelFolder, part: P): Promise<PartLoader<P>> {
  return { ports: (await folder.graph(part)).ports, load: () => folder.graph(part) };
}

/** ‖a − b‖ / ‖b‖ */
function difference(a: ArrayLike<number>, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  let [squares, norm] = [0, 0];
  b.forEach((value, i) => {
    squares += (a[i]! - value) ** 2;
    norm += value ** 2;
  });
  return Math.sqrt(squares / norm);
}

const unbatched = ({ data, shape }: Tensor): Tensor => tensor(data, shape.slice(1));
const feed = ({ data, shape }: Tensor) => ({ data, dims: shape });

// Constants too are rounded in a file in half precision: attention's scale, GELU's 1.702; all else is as in float32.
// At full size the runtime's float32 sums run over 65,536 pixels; torch's own are 1e-5 from float64 there.
const TOLERANCE = { float32: 2e-5, float16: 1e-4, full: 1e-3 };
/** Of a UNet whose products with weights are in half precision: 11 bits, over some hundred layers. */
const MIXED = 1e-2;

describe.each(exportNames())("%s", (name) => {
  const folder = openModelFolder(exportedFolder(name));
  const reference = exportReference(name);
  const isHalf = /-(diffusers|float|fused)16$/.test(name);
  const tolerance = TOLERANCE[isFullSize(name) ? "full" : isHalf ? "float16" : "float32"];

  it("text encoder", async () => {
    const { ports, load } = await loader(await folder, "text_encoder");
    const runner = createGraphRunner("text_encoder", () => load().then(networkOf), WASM);
    const { cpu } = await runner.run({ [ports.ids.name]: feed(reference.ids) });
    expect(difference(cpu[ports.hidden.name]!.data, reference.hidden.data)).toBeLessThan(tolerance);
    await runner.dispose();
  });

  it("tokenizer, cut at the text encoder's length", async () => {
    const tokenizer = createTokenizer((await folder).tokenizer, reference.ids.shape[1]);
    const { ids } = tokenizer.encode("a photo of the apple ".repeat(40));
    expect(ids).toHaveLength(77);
    const [first, last] = [reference.ids.data[0], reference.ids.data.at(-1)];
    expect([ids[0], ids.at(-1)]).toEqual([first, last]);
  });

  it.each(["float32", "float16"] as const)(
    "UNet in %s, at two timesteps and for a batch",
    async (precision) => {
      const { scheduler, graph: _, ...rest } = await folder;
      expect(rest.sampleSize).toBe(8);
      const unet = await loader(await folder, "unet");
      const denoiser = createDenoiser(unet, createSchedule(scheduler), WASM, { precision });
      const allowed = precision === "float16" ? MIXED : tolerance;
      const sample = unbatched(reference.latent);
      const [channels, ...sides] = sample.shape;
      const half = sample.data.length / (channels! / 4);
      const latent = tensor(sample.data.slice(0, half), [4, ...sides]);
      const image = channels === 8 ? { image: tensor(sample.data.slice(half), [4, ...sides]) } : {};
      const prompt = unbatched(reference.hidden);
      const other = tensor(
        latent.data.map((value) => -value),
        latent.shape,
      );
      const size = reference.predictions.data.length / reference.timesteps.length;
      for (const [i, t] of reference.timesteps.entries()) {
        const [epsilon, different] = await denoiser.predict(
          [
            { latent, prompt, ...image },
            { latent: other, prompt, ...image },
          ],
          t,
        );
        const want = reference.predictions.data.slice(i * size, (i + 1) * size);
        expect(difference(epsilon!.data, want)).toBeLessThan(allowed);
        expect(difference(different!.data, want)).toBeGreaterThan(allowed);
      }
      await denoiser.dispose();
    },
  );

  it("VAE: posterior mean, its gradient, and back to a picture", async () => {
    const encoder = await loader(await folder, "vae_encoder");
    const runner = createGraphRunner("vae_encoder", () => encoder.load().then(meanEncoder), WASM);
    const image = feed(reference.image);
    const { cpu } = await runner.run({ [encoder.ports.image.name]: image });
    const [mean] = Object.values(cpu);
    expect(difference(mean!.data, reference.mean.data)).toBeLessThan(tolerance);

    const vjp = createEncoderVjp(encoder, WASM);
    const { outputs, gradient } = await vjp.run(image, unbatched(reference.cotangent));
    expect(difference(outputs.cpu[gradient]!.data, reference.gradient.data)).toBeLessThan(tolerance);

    const decoder = await loader(await folder, "vae_decoder");
    const decode = createGraphRunner("vae_decoder", () => decoder.load().then(networkOf), WASM);
    const decoded = await decode.run({ [decoder.ports.latent.name]: feed(reference.decoderInput) });
    expect(difference(decoded.cpu[decoder.ports.image.name]!.data, reference.decoded.data)).toBeLessThan(
      tolerance,
    );
    await Promise.all([runner.dispose(), vjp.dispose(), decode.dispose()]);
  });
});
