import { describe, expect } from "vitest";
import { tensor } from "../../core/tensor.ts";
import type { Gpu } from "../../gpu/device.ts";
import { gpuTest } from "../../gpu/testing.ts";
import { diskFolder } from "../folder-source.node.ts";
import { loadPipeline } from "../pipeline.ts";
import { useNodeRuntime } from "../session/runtime.node.ts";
import { downloadImage, normalLatent, uploadImage, waves } from "../testing/images.ts";
import { tinyFolder } from "../testing/tiny-diffusion.ts";
import type { BridgeInput } from "./bridge.ts";
import type { Codec, Latent } from "./codec.ts";
import { decodeResidual } from "./decode-residual.ts";
import { residual } from "./decode-residual.reference.ts";
import { bridges } from "./index.ts";

useNodeRuntime();

const [HEIGHT, WIDTH] = [24, 40];
const SHAPE = [4, HEIGHT / 8, WIDTH / 8];

const tinyCodec = async (gpu: Gpu): Promise<Codec> =>
  (await loadPipeline(tinyFolder(), { gpu, provider: "wasm" })).codec;

async function bridgeInput(codec: Codec): Promise<BridgeInput> {
  const image = uploadImage(codec.gpu, waves(HEIGHT, WIDTH), HEIGHT, WIDTH);
  const { out: z, saved } = await codec.forward(image);
  // Near enough for the change to lie on the ramp in some places and beyond its ends in others.
  const shift = normalLatent("source", SHAPE);
  const zSource = tensor(
    z.data.map((value, i) => value + (i % 5 < 3 ? 0.15 : 0.01) * shift.data[i]!),
    SHAPE,
  );
  return { codec, image, saved, z, zSource, vLatent: normalLatent("gradient", SHAPE) };
}

const decoded = async (codec: Codec, z: Latent): Promise<Float32Array> =>
  downloadImage(codec.gpu, await codec.decode(z));

/** The same in plain TypeScript, from decodes one by one. */
async function expected(input: BridgeInput, eta: number, relax: number): Promise<Float64Array> {
  const { codec, image, z, zSource, vLatent } = input;
  const moved = tensor(
    z.data.map((value, i) => value - eta * vLatent.data[i]!),
    SHAPE,
  );
  return residual(
    {
      image: await downloadImage(codec.gpu, image),
      decoded: await decoded(codec, z),
      moved: await decoded(codec, moved),
      decodedSource: await decoded(codec, zSource),
      channels: 3,
      height: HEIGHT,
      width: WIDTH,
    },
    { gain: 1 / eta, relax, low: 0.03, high: 0.09 },
  );
}

describe("decode residual", () => {
  gpuTest.for([
    [0.01, 0],
    [0.01, 0.05],
    [0.05, 1],
  ] as const)("η %d, relaxation %d: as plain TypeScript has it", async ([eta, relax], { gpu }) => {
    const codec = await tinyCodec(gpu);
    const input = await bridgeInput(codec);
    const reference = await expected(input, eta, relax);
    const largest = reference.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    for (let visit = 0; visit < 2; visit++) {
      const vImage = await decodeResidual.imageCotangent(input, { eta, relax });
      expect([vImage.channels, vImage.height, vImage.width]).toEqual([3, HEIGHT, WIDTH]);
      const actual = await downloadImage(gpu, vImage);
      actual.forEach((value, i) => expect(Math.abs(value - reference[i]!)).toBeLessThan(1e-4 * largest));
    }
    await codec.dispose();
  });

  gpuTest("relaxation acts where the picture changed, and nowhere else", async ({ gpu }) => {
    const codec = await tinyCodec(gpu);
    const input = await bridgeInput(codec);
    const at = async (relax: number, zSource: Latent) =>
      downloadImage(gpu, await decodeResidual.imageCotangent({ ...input, zSource }, { relax }));
    const plain = await at(0, input.zSource);
    expect(await at(1, input.z)).toEqual(plain);
    const relaxed = await at(1, input.zSource);
    const pulled = relaxed.filter((value, i) => value !== plain[i]).length / plain.length;
    expect(pulled).toBeGreaterThan(0.1);
    await codec.dispose();
  });
});

describe.each(bridges.all.map((bridge) => [bridge.id, bridge] as const))("bridge %s", (_, bridge) => {
  gpuTest("descends to where the latent should go, on the embedded model", async ({ gpu }) => {
    const pipeline = await loadPipeline(diskFolder("models/mini"), { gpu, provider: "wasm" });
    const { codec, info } = pipeline;
    const side = info.resolution;
    const pixels = waves(side, side);
    const image = uploadImage(gpu, pixels, side, side);
    const { out: z, saved } = await codec.forward(image);
    const { out: goal } = await codec.forward(uploadImage(gpu, waves(side, side, 1), side, side));
    // g = z − goal, the gradient of ½‖z − goal‖².
    const vLatent = tensor(
      z.data.map((value, i) => value - goal.data[i]!),
      z.shape,
    );
    const vImage = await downloadImage(
      gpu,
      await bridge.imageCotangent({ codec, image, saved, z, zSource: z, vLatent }, {}),
    );
    const step = 0.02;
    const { out: moved } = await codec.forward(
      uploadImage(
        gpu,
        pixels.map((value, i) => value - step * vImage[i]!),
        side,
        side,
      ),
    );
    const before = squaredDistance(z, goal);
    const after = squaredDistance(moved, goal);
    expect(after).toBeLessThan(0.99 * before);
    await pipeline.dispose();
  });
});

const squaredDistance = (a: Latent, b: Latent): number =>
  a.data.reduce((sum, value, i) => sum + (value - b.data[i]!) ** 2, 0);
