import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRng } from "../core/rng.ts";
import { differentiate } from "./differentiate.ts";
import { describe as ports } from "./model.ts";
import { fixShapes } from "./passes/fix-shapes.ts";
import { posteriorMean } from "./passes/posterior-mean.ts";
import { readModel } from "./read.ts";
import { sizeOf } from "./tensor.ts";
import { load } from "./testing/run-model.ts";

/**
 * Encoders that lie beside the repository, as their exporters wrote them. The first has nine LeakyRelu: some thousand
 * of its units change sign between two images however close, so its step is as small as float32 allows.
 */
const ENCODERS = [
  { path: "models/vaelight-encoder.onnx", size: 64, latent: [1, 4, 8, 8], step: 1e-4, tolerance: 5e-3 },
  { path: "minisd/onnx/vae_encoder.onnx", size: 128, latent: [1, 4, 16, 16], step: 2e-3, tolerance: 2e-4 },
  {
    path: "minisd/onnx/vae_encoder_int8.onnx",
    size: 128,
    latent: [1, 4, 16, 16],
    step: 2e-3,
    tolerance: 2e-4,
  },
] as const;

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((s, x, i) => s + x * b[i]!, 0);
const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

for (const { path, size, latent, step, tolerance } of ENCODERS) {
  const url = new URL(`../../../shared/${path}`, import.meta.url);

  describe.skipIf(!existsSync(url))(path, () => {
    it("has the gradient that differences of its outputs show", async () => {
      const mean = posteriorMean(readModel(readFileSync(url)));
      const name = ports(mean).inputs[0]!.name;
      const dims = [1, 3, size, size];
      const model = fixShapes(mean, { [name]: dims });
      const [output] = ports(model).outputs;
      expect(output!.dims).toEqual(latent);

      const forward = await load(model);
      const backward = await load(differentiate(model, { wrt: name }));
      const encode = async (data: Float64Array) =>
        (await forward.run({ [name]: { dims, data } }))[output!.name]!.data;
      const pull = async (data: Float64Array, v: Float64Array) => {
        const feeds = { [name]: { dims, data }, [`v_${output!.name}`]: { dims: latent, data: v } };
        return (await backward.run(feeds))[`v_${name}`]!.data;
      };

      const rng = createRng(path);
      const image = picture(size);
      for (let direction = 0; direction < 4; direction++) {
        const u = Float64Array.from({ length: sizeOf(dims) }, () => rng.normal());
        const moved = (by: number): Float64Array => image.map((x, i) => x + by * u[i]!);
        const [ahead, behind] = [await encode(moved(step)), await encode(moved(-step))];
        // J u, good to what float32 leaves of the difference.
        const forwardDifference = ahead.map((z, i) => (z - behind[i]!) / (2 * step));
        const random = Float64Array.from(forwardDifference, () => rng.normal());
        for (const v of [forwardDifference, random]) {
          // ⟨v, J u⟩ = ⟨Jᵀ v, u⟩, in units of what the two could be at most.
          const error = Math.abs(dot(v, forwardDifference) - dot(await pull(image, v), u));
          expect(error / (norm(v) * norm(forwardDifference))).toBeLessThan(tolerance);
        }
      }
      await forward.release();
      await backward.release();
    });
  });
}

/** A smooth picture in [−1, 1]: encoders see nothing like white noise. */
function picture(size: number): Float64Array {
  return Float64Array.from({ length: 3 * size * size }, (_, i) => {
    const [c, y, x] = [Math.floor(i / size ** 2), Math.floor(i / size) % size, i % size];
    return 0.7 * Math.sin((0.3 + 0.1 * c) * y + 0.2 * x) * Math.cos(0.11 * x - 0.05 * y);
  });
}
