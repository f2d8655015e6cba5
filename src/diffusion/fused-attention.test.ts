/** Fused attention gives what the graph as exported gives, in every public form and in the embedded models. */
import { describe, expect, it } from "vitest";
import { createRng } from "../core/rng.ts";
import { fixShapes } from "../onnx/passes/fix-shapes.ts";
import type { InputShapes } from "../onnx/passes/fix-shapes.ts";
import { standardOperators } from "../onnx/passes/standard-operators.ts";
import { sizeOf } from "../onnx/tensor.ts";
import { countOps } from "../onnx/testing/build.ts";
import { relativeError } from "../onnx/testing/golden.ts";
import { writeModel } from "../onnx/write.ts";
import { diskFolder } from "./folder-source.node.ts";
import { withFusedAttention } from "./fused-attention.ts";
import { openModelFolder } from "./model-folder.ts";
import type { GraphFile, ModelFolder } from "./model-folder.ts";
import { createSession } from "./session.ts";
import type { CpuFeed } from "./session.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { exportNames, exportReference, exportedFolder, isFullSize } from "./testing/exports.ts";

useNodeRuntime();

const rng = createRng("fused attention");

/** The output of a part, plain and fused, for random inputs; integers are tokens or timesteps. */
async function compare({ model, externalData }: GraphFile, output: string, shapes: InputShapes) {
  const feeds = Object.fromEntries(
    Object.entries(shapes).map(([name, dims]): [string, CpuFeed] => {
      const isLatent = dims.length > 2;
      const draw = () => (isLatent ? rng.normal() : 1 + rng.int(40));
      return [name, { dims, data: Float32Array.from({ length: sizeOf(dims) }, draw) }];
    }),
  );
  const plain = standardOperators(fixShapes(model, shapes));
  const { model: fused } = await withFusedAttention(plain, async () => true);
  const [a, b] = await Promise.all(
    [plain, fused].map(async (each) => {
      const name = "network";
      const session = await createSession(writeModel(each), { name, provider: "wasm", externalData });
      const { cpu } = await session.run(feeds);
      await session.dispose();
      return cpu[output]!.data;
    }),
  );
  return { counts: countOps(fused), error: relativeError(b!, a!) };
}

/** Of float32, with sums in another order. */
const TOLERANCE = 5e-6;

interface Case {
  readonly folder: Promise<ModelFolder>;
  readonly latent: readonly number[];
  readonly context: readonly number[];
  /** Attentions of the UNet. */
  readonly count: number;
}

const embedded = (name: string, side: number, count: number): [string, Case] => [
  name,
  {
    folder: openModelFolder(diskFolder(`models/${name}`)),
    latent: [2, 4, side, side],
    context: [2, 24, 128],
    count,
  },
];
const exported = (name: string): [string, Case] => {
  const { latent, hidden } = exportReference(name);
  return [
    name,
    {
      folder: openModelFolder(exportedFolder(name)),
      latent: latent.shape,
      context: hidden.shape,
      count: 20,
    },
  ];
};

describe.each([
  embedded("mini", 16, 12),
  embedded("mini-256", 32, 20),
  ...exportNames()
    .filter((name) => !isFullSize(name))
    .map(exported),
])("%s", (_, { folder, latent, context, count }) => {
  it(`fuses the ${count} attentions of the UNet`, async () => {
    const file = await (await folder).graph("unet");
    const { ports } = file;
    const { counts, error } = await compare(file, ports.prediction.name, {
      [ports.sample.name]: latent,
      [ports.timestep.name]: ports.timestep.dims.map(() => latent[0]!),
      [ports.context.name]: context,
    });
    expect(counts).toMatchObject({ MultiHeadAttention: count });
    expect(counts).not.toHaveProperty("Softmax");
    expect(error).toBeLessThan(TOLERANCE);
  });

  it("fuses the text encoder's, masked or not", async () => {
    const file = await (await folder).graph("text_encoder");
    const { ids, hidden } = file.ports;
    const { counts, error } = await compare(file, hidden.name, { [ids.name]: [1, context[1]!] });
    expect(counts).toMatchObject({ MultiHeadAttention: 2 });
    expect(counts).not.toHaveProperty("Softmax");
    expect(error).toBeLessThan(TOLERANCE);
  });
});

it("leaves forms that are wrong here in plain operators, and names them", async () => {
  const folder = await openModelFolder(exportedFolder("sd21-optimum"));
  const { latent, hidden } = exportReference("sd21-optimum");
  const { ports, model } = await folder.graph("unet");
  const fixed = fixShapes(model, {
    [ports.sample.name]: latent.shape,
    [ports.timestep.name]: ports.timestep.dims.map(() => 1),
    [ports.context.name]: hidden.shape,
  });
  const { model: partly, wrong } = await withFusedAttention(fixed, async ({ heads }) => heads > 1);
  expect(wrong).toEqual([{ dtype: "float32", heads: 1, width: 4, masked: false }]);
  const { MultiHeadAttention, Softmax } = countOps(partly);
  expect([MultiHeadAttention! + Softmax!, Softmax]).toEqual([20, 6]); // the level of one head: one block down, two up, each to itself and to the prompt
});
