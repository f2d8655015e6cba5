import { readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { createRng } from "../core/rng.ts";
import { tensor } from "../core/tensor.ts";
import { gpuTest } from "../gpu/testing.ts";
import { EMBEDDED_MODELS } from "./embedded-models.ts";
import { diskFolder } from "./folder-source.node.ts";
import { loadPipeline } from "./pipeline.ts";
import { addNoise } from "./schedule.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { uploadImage } from "./testing/images.ts";

useNodeRuntime();
const root = join(import.meta.dirname, "../..");

function bytesIn(folder: string): number {
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return files.reduce(
    (sum, file) => sum + (file.isFile() ? statSync(join(file.parentPath, file.name)).size : 0),
    0,
  );
}

it("the models that come with the project are small together", () => {
  const sizes = EMBEDDED_MODELS.map(({ folder }) => bytesIn(folder));
  expect(sizes.reduce((a, b) => a + b)).toBeLessThan(32e6);
});

/** Red, green and blue planes in [0, 1] of a picture, drawn larger by whole pixels to fill the model's side. */
function planes({ width, height, data }: PNG, side: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: 3 * side * side }, (_, i) => {
    const [channel, pixel] = [Math.floor(i / (side * side)), i % (side * side)];
    const x = Math.floor(((pixel % side) * width) / side);
    const y = Math.floor((Math.floor(pixel / side) * height) / side);
    return data[4 * (y * width + x) + channel]! / 255;
  });
}

describe.each(EMBEDDED_MODELS)("$label", ({ folder }) => {
  gpuTest("tells noise from a picture of its world, and better when told what it shows", async ({ gpu }) => {
    const pipeline = await loadPipeline(diskFolder(join(root, folder)), { gpu, provider: "wasm" });
    const { codec, denoiser, schedule, textEncoder, info } = pipeline;
    const thumbnail = PNG.sync.read(await readFile(join(root, "public/scenes/red-apple.png")));
    const side = info.resolution;
    const { out: z } = await codec.forward(uploadImage(gpu, planes(thumbnail, side), side, side));
    const rng = createRng("embedded models");
    const noise = tensor(
      Float32Array.from(z.data, () => rng.normal()),
      z.shape,
    );
    const t = 500;
    const latent = addNoise(schedule, z, noise, t);
    const prompts = ["a photo of a red apple on grass", "a photo of a blue teapot on snow at night"];
    const queries = await Promise.all(
      prompts.map(async (prompt) => ({ latent, prompt: await textEncoder.embed(prompt) })),
    );
    const [right, wrong] = (await denoiser.predict(queries, t)).map((predicted) => {
      const squares = predicted.data.map((value, i) => (value - noise.data[i]!) ** 2);
      return squares.reduce((a, b) => a + b) / squares.length;
    });
    // Guessing zero has an error of 1.
    expect(right).toBeLessThan(0.15);
    expect(wrong).toBeGreaterThan(right!);
    await pipeline.dispose();
  });
});
