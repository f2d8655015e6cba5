import { expect, test } from "vitest";
import { withoutWeights } from "../onnx/memory.ts";
import type { Model } from "../onnx/model.ts";
import { withFusedAttention } from "./fused-attention.ts";
import { openModelFolder } from "./model-folder.ts";
import { networkSizes } from "./network-sizes.ts";
import type { ModelGraphs } from "./network-sizes.ts";
import { PARTS } from "./ports.ts";
import { exportedFolder } from "./testing/exports.ts";

async function graphsOf(name: string): Promise<ModelGraphs> {
  const folder = await openModelFolder(exportedFolder(name));
  const parts = PARTS.map(async (part) => {
    const { ports, model } = await folder.graph(part);
    return [part, { ports, model: withoutWeights(model) }] as const;
  });
  return Object.fromEntries(await Promise.all(parts)) as unknown as ModelGraphs;
}

const asItIs = (model: Model) => Promise.resolve(model);

test.each(["sd15-optimum", "sd15-float16", "pix2pix-diffusers"])(
  "%s: its graphs tell what it needs, more for larger pictures",
  async (name) => {
    const graphs = await graphsOf(name);
    const small = (await networkSizes(graphs, 64, 8, asItIs))!;
    const large = (await networkSizes(graphs, 128, 8, asItIs))!;
    expect(small.gradient!.again.peak).toBeLessThanOrEqual(small.gradient!.kept.peak);
    expect(small.vae_encoder.peak).toBeLessThan(small.gradient!.again.peak);
    // Convolutions grow with the area, attention with its square.
    for (const part of ["unet", "vae_encoder", "vae_decoder"] as const) {
      expect(small[part].weights).toBeGreaterThan(0);
      expect(large[part].peak / small[part].peak).toBeGreaterThan(3);
      expect(large[part].peak / small[part].peak).toBeLessThan(17);
    }
  },
);

test("graphs that are made for one size tell nothing of another", async () => {
  const graphs = await graphsOf("sd15-dynamo");
  expect(await networkSizes(graphs, 64, 8, asItIs)).toBeDefined();
  expect(await networkSizes(graphs, 128, 8, asItIs)).toBeUndefined();
});

test("attention in one node keeps no scores", async () => {
  const graphs = await graphsOf("sd15-optimum");
  const plain = (await networkSizes(graphs, 256, 8, asItIs))!;
  const fused = (await networkSizes(graphs, 256, 8, async (model) => {
    const { model: inOneNode } = await withFusedAttention(model, () => Promise.resolve(true));
    return inOneNode;
  }))!;
  expect(fused.unet.peak).toBeLessThan(plain.unet.peak / 2);
  expect(fused.unet.largestValue).toBeLessThan(plain.unet.largestValue / 2);
  expect(fused.unet.weights).toBeGreaterThan(0.9 * plain.unet.weights);
  expect(fused.vae_decoder.peak).toBeLessThanOrEqual(plain.vae_decoder.peak);
});
