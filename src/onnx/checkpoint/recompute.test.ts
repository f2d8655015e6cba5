import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/rng.ts";
import { differentiate } from "../differentiate.ts";
import { peakBytes } from "../memory.ts";
import type { Model } from "../model.ts";
import { fixShapes } from "../passes/fix-shapes.ts";
import { readModel } from "../read.ts";
import { sizeOf, tensorOf } from "../tensor.ts";
import { buildModel, countOps } from "../testing/build.ts";
import { readGolden, relativeError } from "../testing/golden.ts";
import { load, runModel } from "../testing/run-model.ts";

const golden = readGolden("vae_encoder");
const rng = createRng("recompute");
const random = (dims: readonly number[]) => ({
  dims,
  data: Float32Array.from({ length: sizeOf(dims) }, () => rng.normal()),
});

const ENCODERS = [
  {
    name: "Stable Diffusion's encoder",
    model: fixShapes(golden.model, golden.shapes),
    feeds: { ...golden.inputs, [`v_${golden.output}`]: golden.cotangent },
  },
  {
    name: "the embedded model's encoder",
    model: fixShapes(readModel(readFileSync("models/mini/vae_encoder/model.onnx")), {
      sample: [1, 3, 128, 128],
    }),
    feeds: { sample: random([1, 3, 128, 128]), v_latent_parameters: random([1, 8, 16, 16]) },
  },
];

describe.each(ENCODERS)("the gradient of $name, parts of it computed again", ({ model, feeds }) => {
  const wrt = "sample";
  const whole = differentiate(model, { wrt });
  const least = differentiate(model, { wrt, memoryBudget: 0 });

  it.each([false, true])("is the same to the last digits, optimised: %s", async (optimise) => {
    const values = async (gradient: Model) => {
      const { run, release } = await load(gradient, { optimise });
      const { [`v_${wrt}`]: v } = await run(feeds);
      await release();
      return v!.data;
    };
    expect(relativeError(await values(least), await values(whole))).toBeLessThan(1e-6);
  });

  it("holds less, and no less than it has to", () => {
    expect(countOps(least)["Conv"]!).toBeGreaterThan(countOps(whole)["Conv"]!);
    expect(peakBytes(least)).toBeLessThan(peakBytes(whole));
    const enough = differentiate(model, { wrt, memoryBudget: peakBytes(whole) });
    expect(enough.graph.nodes.length).toBe(whole.graph.nodes.length);
  });
});

describe("the zero that ties a copy to the cotangent", () => {
  const block = (x: string, y: string) => [
    { op: "Exp", inputs: [x], outputs: [`${y}_e`] },
    { op: "Tanh", inputs: [`${y}_e`], outputs: [`${y}_t`] },
    { op: "Mul", inputs: [`${y}_e`, `${y}_t`], outputs: [y] },
  ];
  const model = fixShapes(
    buildModel({
      inputs: { x: [1, 64] },
      constants: { w: tensorOf("float32", [64, 1], Array<number>(64).fill(0.5)) },
      nodes: [
        ...block("x", "a"),
        ...block("a", "b"),
        ...block("b", "c"),
        { op: "MatMul", inputs: ["c", "w"], outputs: ["y"] },
      ],
      outputs: { y: "float32" },
    }),
  );
  const whole = differentiate(model, { wrt: "x" });
  const least = differentiate(model, { wrt: "x", memoryBudget: 0 });
  const x = { dims: [1, 64], data: Array<number>(64).fill(-1) };

  it.each([Infinity, -Infinity, -3, 0])("is zero at a cotangent of %s", async (v) => {
    expect(countOps(least)["Where"]).toBeGreaterThan(0);
    const feeds = { x, v_y: { dims: [1, 1], data: [v] } };
    const [plain, again] = [await runModel(whole, feeds), await runModel(least, feeds)];
    expect([...again["v_x"]!.data]).toEqual([...plain["v_x"]!.data]);
    expect(again["v_x"]!.data).not.toContain(NaN);
  });
});
