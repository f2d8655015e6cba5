import { describe, expect, it } from "vitest";
import { int } from "../attributes.ts";
import { describe as ports } from "../model.ts";
import { int64s, scalarOf } from "../tensor.ts";
import type { ModelSpec, NodeSpec } from "../testing/build.ts";
import { buildModel, countOps } from "../testing/build.ts";
import { runModel } from "../testing/run-model.ts";
import { weights } from "../testing/vjp-cases/case.ts";
import { fixShapes } from "./fix-shapes.ts";
import { posteriorMean } from "./posterior-mean.ts";

const CHANNELS = 4;
const sample = { dims: [1, 3, 4, 4], data: Array.from({ length: 48 }, (_, i) => Math.sin(i)) };
const scalars = {
  half: scalarOf("float32", 0.5),
  low: scalarOf("float32", -30),
  high: scalarOf("float32", 20),
};

const moments: NodeSpec = { op: "Conv", inputs: ["sample", "w"], outputs: ["moments"] };
const halves: NodeSpec = {
  op: "Split",
  inputs: ["moments"],
  outputs: ["mean", "log_variance"],
  attributes: { axis: int(1) },
};
/** mean + exp(½ clip(log variance)) · noise, as the diffusers script exports it. */
const sampling = (...noise: NodeSpec[]): NodeSpec[] => [
  moments,
  halves,
  { op: "Clip", inputs: ["log_variance", "low", "high"], outputs: ["clipped"] },
  { op: "Mul", inputs: ["half", "clipped"], outputs: ["log_deviation"] },
  { op: "Exp", inputs: ["log_deviation"], outputs: ["deviation"] },
  ...noise,
  { op: "Mul", inputs: ["deviation", "noise"], outputs: ["offset"] },
  { op: "Add", inputs: ["mean", "offset"], outputs: ["latent"] },
];

function encoder(nodes: readonly NodeSpec[], outputs: ModelSpec["outputs"], opset = 17) {
  return buildModel({
    opset,
    inputs: { sample: ["batch", 3, "height", "width"] },
    constants: { ...scalars, w: weights([2 * CHANNELS, 3, 1, 1]) },
    nodes,
    outputs,
  });
}

/** The mean as the exporter's own graph computes it. */
async function expectedMean(): Promise<Float64Array> {
  const { mean } = await runModel(encoder([moments, halves], { mean: "float32" }), { sample });
  return mean!.data;
}

const latent = { latent: { dtype: "float32", dims: ["batch", CHANNELS, "h", "w"] } } as const;

describe("a sampling encoder", () => {
  it("gives its mean, and no noise is left", async () => {
    const model = encoder(sampling({ op: "RandomNormalLike", inputs: ["mean"], outputs: ["noise"] }), latent);
    expect((await runModel(model, { sample }))["latent"]!.data).not.toEqual(await expectedMean());
    const mean = posteriorMean(model);
    expect(countOps(mean)).toEqual({ Conv: 1, Split: 1, Identity: 1 });
    expect((await runModel(mean, { sample }))["latent"]!.data).toEqual(await expectedMean());
  });

  it("may make its noise from a computed shape, cast it and scale the result", async () => {
    const model = encoder(
      [
        ...sampling(
          { op: "Shape", inputs: ["mean"], outputs: ["s"] },
          { op: "ConstantOfShape", inputs: ["s"], outputs: ["empty"] },
          { op: "RandomNormalLike", inputs: ["empty"], outputs: ["raw"] },
          { op: "Cast", inputs: ["raw"], outputs: ["noise"], attributes: { to: int(1) } },
        ),
        { op: "Mul", inputs: ["latent", "half"], outputs: ["scaled"] },
      ],
      { scaled: { dtype: "float32", dims: ["batch", CHANNELS, "h", "w"] } },
    );
    const { scaled } = await runModel(posteriorMean(model), { sample });
    expect(scaled!.data).toEqual((await expectedMean()).map((x) => 0.5 * x));
  });

  it("may have fixed sizes", async () => {
    const noise = { shape: { kind: "ints", value: [1, CHANNELS, 4, 4] } } as const;
    const nodes = sampling({ op: "RandomNormal", inputs: [], outputs: ["noise"], attributes: noise });
    const model = fixShapes(encoder(nodes, latent), { sample: sample.dims });
    expect((await runModel(posteriorMean(model), { sample }))["latent"]!.data).toEqual(await expectedMean());
  });

  it("is refused when noise is used in another way", () => {
    const nodes: NodeSpec[] = [
      moments,
      halves,
      { op: "RandomNormalLike", inputs: ["mean"], outputs: ["noise"] },
      { op: "Exp", inputs: ["noise"], outputs: ["latent"] },
    ];
    expect(() => posteriorMean(encoder(nodes, latent))).toThrow(/Exp "Exp_3" uses noise/);
    const onlyNoise: NodeSpec[] = [
      moments,
      { op: "RandomNormalLike", inputs: ["moments"], outputs: ["noise"] },
      { op: "Mul", inputs: ["moments", "noise"], outputs: ["latent"] },
    ];
    expect(() => posteriorMean(encoder(onlyNoise, latent))).toThrow(/"latent" is nothing but noise/);
  });
});

describe("an encoder that gives mean and log-variance", () => {
  for (const opset of [9, 17]) {
    it(`gives the first half, operator set ${opset}`, async () => {
      const model = encoder(
        [moments],
        { moments: { dtype: "float32", dims: ["batch", 8, "h", "w"] } },
        opset,
      );
      const mean = posteriorMean(model);
      expect(ports(mean).outputs).toEqual([
        { name: "moments", dtype: "float32", dims: ["batch", 4, "h", "w"] },
      ]);
      const result = await runModel(mean, { sample });
      expect(result["moments"]!.data).toEqual(await expectedMean());
    });
  }

  it("is recognised where its channels hide behind a symbol", async () => {
    const dims = ["batch", "Convmoments_dim_1", "h", "w"];
    const model = encoder([moments], { moments: { dtype: "float32", dims } });
    const result = await runModel(posteriorMean(model), { sample });
    expect(result["moments"]!.data).toEqual(await expectedMean());
  });

  it("is recognised where its input's channels are open too, as diffusers' script leaves them", async () => {
    const types = { latent: { dtype: "float32", dims: ["b", "c", "h", "w"] } } as const;
    const inputs = { sample: ["batch", "channels", "height", "width"] };
    const model = buildModel({
      inputs,
      constants: { w: weights([8, 3, 1, 1]), zero: int64s([0]), half: int64s([4]), one: int64s([1]) },
      nodes: [
        { op: "Conv", inputs: ["sample", "w"], outputs: ["moments"] },
        { op: "Slice", inputs: ["moments", "zero", "half", "one"], outputs: ["latent"] },
      ],
      outputs: types,
    });
    expect(posteriorMean(model)).toBe(model); // it gives the mean already
  });

  it("may have more channels if its output's name says what it is", () => {
    const wide = (name: string) =>
      buildModel({
        inputs: { sample: ["batch", 3, "height", "width"] },
        constants: { w: weights([32, 3, 1, 1]) },
        nodes: [{ op: "Conv", inputs: ["sample", "w"], outputs: [name] }],
        outputs: { [name]: { dtype: "float32", dims: ["batch", 32, "h", "w"] } },
      });
    expect(ports(posteriorMean(wide("latent_parameters"))).outputs[0]!.dims[1]).toBe(16);
    expect(posteriorMean(wide("latent"))).toEqual(wide("latent"));
  });
});

it("an encoder that gives its mean already comes back as it was", () => {
  const model = encoder([moments, halves], { mean: { dtype: "float32", dims: ["batch", 4, "h", "w"] } });
  expect(posteriorMean(model)).toBe(model);
});
