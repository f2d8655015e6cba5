import { describe, expect, it } from "vitest";
import { ints } from "./attributes.ts";
import { differentiate } from "./differentiate.ts";
import { describe as ports } from "./model.ts";
import type { Model } from "./model.ts";
import { fixShapes } from "./passes/fix-shapes.ts";
import { readModel } from "./read.ts";
import { sizeOf, tensorOf, valuesOf } from "./tensor.ts";
import { buildModel, countOps } from "./testing/build.ts";
import { readGolden, relativeError } from "./testing/golden.ts";
import { load, runModel } from "./testing/run-model.ts";
import { shape, weights } from "./testing/vjp-cases/case.ts";
import { writeModel } from "./write.ts";

describe("golden gradients, float64 autograd of Stable Diffusion's structures", () => {
  for (const name of ["vae_encoder", "unet"]) {
    const golden = readGolden(name);
    const model = fixShapes(golden.model, golden.shapes);
    const feeds = { ...golden.inputs, [`v_${golden.output}`]: golden.cotangent };

    it(`${name}: within 1e-4, optimised or not`, async () => {
      const gradient = differentiate(model, { wrt: golden.wrt });
      for (const optimise of [false, true]) {
        const { run, release } = await load(gradient, { optimise });
        const { [`v_${golden.wrt}`]: v } = await run(feeds);
        expect(v!.dims).toEqual(golden.gradient.dims);
        expect(relativeError(v!.data, golden.gradient.data)).toBeLessThan(1e-4);
        await release();
      }
    });

    it(`${name}: gives the output as well when asked`, async () => {
      const both = differentiate(model, { wrt: golden.wrt, output: golden.output, includeForward: true });
      expect(ports(both).outputs.map((port) => port.name)).toEqual([`v_${golden.wrt}`, golden.output]);
      const result = await runModel(both, feeds);
      expect(relativeError(result[golden.output]!.data, golden.outputs.data)).toBeLessThan(1e-5);
      expect(relativeError(result[`v_${golden.wrt}`]!.data, golden.gradient.data)).toBeLessThan(1e-4);
    });

    it(`${name}: survives being written and read`, async () => {
      const bytes = writeModel(differentiate(model, { wrt: golden.wrt, cotangentName: "seed" }));
      const result = await runModel(readModel(bytes), { ...golden.inputs, seed: golden.cotangent });
      expect(relativeError(result[`v_${golden.wrt}`]!.data, golden.gradient.data)).toBeLessThan(1e-4);
    });
  }

  it("keeps off operators that ONNX Runtime's WebGPU provider hands to the CPU", () => {
    // prettier-ignore
    const slow = [
      "GroupNormalization", "Sum", "Mean", "Sign", "LogSoftmax", "ConstantOfShape", "Shape", "Gather", "SpaceToDepth",
      "Or", "Round",
    ];
    for (const name of ["vae_encoder", "unet"]) {
      const golden = readGolden(name);
      const counts = countOps(differentiate(fixShapes(golden.model, golden.shapes), { wrt: golden.wrt }));
      expect(slow.filter((op) => op in counts)).toEqual([]);
    }
  });
});

describe("what is differentiated", () => {
  const twoPaths = buildModel({
    inputs: { x: [2, 3], w: [3] },
    nodes: [
      { op: "Relu", inputs: ["w"], outputs: ["positive"] },
      { op: "Mul", inputs: ["x", "positive"], outputs: ["y"] },
      { op: "Round", inputs: ["x"], outputs: ["steps"] },
      { op: "Det", inputs: ["square"], outputs: ["det"] },
      { op: "Add", inputs: ["steps", "det"], outputs: ["z"] },
    ],
    constants: { square: weights([2, 2]) },
    outputs: { y: "float32", z: "float32" },
  });

  it("only the path to the chosen output: unknown operators elsewhere do not matter", async () => {
    const gradient = differentiate(twoPaths, { wrt: "x", output: "y" });
    expect(ports(gradient).inputs.map(({ name }) => name)).toEqual(["x", "w", "v_y"]);
    expect(Object.keys(countOps(gradient)).sort()).toEqual(["Identity", "Mul", "Relu"]);
    const v = { dims: [2, 3], data: [1, 2, 3, 4, 5, 6] };
    const result = await runModel(gradient, {
      x: { dims: [2, 3], data: [0, 0, 0, 0, 0, 0] },
      w: { dims: [3], data: [2, -1, 0.5] },
      v_y: v,
    });
    expect([...result["v_x"]!.data]).toEqual([2, 0, 1.5, 8, 0, 3]);
  });

  it("says so when the output does not depend on the input, or only in steps", () => {
    expect(() => differentiate(twoPaths, { wrt: "w", output: "z" })).toThrow(/"z" does not depend on "w"/);
    expect(() => differentiate(twoPaths, { wrt: "x", output: "z" })).toThrow(/"z" does not depend on "x"/);
  });

  it("asks for names that exist", () => {
    expect(() => differentiate(twoPaths, { wrt: "x" })).toThrow(/which .* outputs.*y, z/);
    expect(() => differentiate(twoPaths, { wrt: "x", output: "q" })).toThrow(/no output "q".*y, z/);
    expect(() => differentiate(twoPaths, { wrt: "q", output: "y" })).toThrow(/"q".*x, w/);
    expect(() => differentiate(twoPaths, { wrt: "x", output: "y", cotangentName: "w" })).toThrow(/"w"/);
  });

  it("sums over all uses of a value", async () => {
    const model = buildModel({
      inputs: { x: [2] },
      nodes: [
        { op: "Mul", inputs: ["x", "x"], outputs: ["a"] },
        { op: "Sin", inputs: ["x"], outputs: ["b"] },
        { op: "Mul", inputs: ["a", "b"], outputs: ["c"] },
        { op: "Add", inputs: ["c", "x"], outputs: ["y"] },
      ],
      outputs: { y: "float32" },
    });
    const x = [0.7, -1.2];
    const result = await runModel(differentiate(model, { wrt: "x" }), {
      x: { dims: [2], data: x },
      v_y: { dims: [2], data: [1, 10] },
    });
    const exact = x.map(
      (value, i) => (2 * value * Math.sin(value) + value ** 2 * Math.cos(value) + 1) * [1, 10][i]!,
    );
    expect(relativeError(result["v_x"]!.data, exact)).toBeLessThan(1e-6);
  });

  it("works in half precision", async () => {
    const model = fixShapes(
      buildModel({
        inputs: { x: { dtype: "float16", dims: [1, 2, 8] } },
        constants: {
          kernel: halves([2, 2, 3]),
          one: half([2], 1),
          zero: half([2], 0),
          quarter: half([], 0.25),
        },
        nodes: [
          { op: "Conv", inputs: ["x", "kernel"], outputs: ["c"], attributes: { pads: ints([1, 1]) } },
          { op: "InstanceNormalization", inputs: ["c", "one", "zero"], outputs: ["n"] },
          { op: "Mul", inputs: ["n", "quarter"], outputs: ["q"] },
          { op: "Softmax", inputs: ["q"], outputs: ["y"] },
        ],
        outputs: { y: "float16" },
      }),
    );
    const gradient = differentiate(model, { wrt: "x" });
    expect(ports(gradient).outputs).toEqual([{ name: "v_x", dtype: "float16", dims: [1, 2, 8] }]);
    const feeds = {
      x: { dims: [1, 2, 8], data: Array.from({ length: 16 }, (_, i) => Math.sin(i + 1)) },
      v_y: { dims: [1, 2, 8], data: Array.from({ length: 16 }, (_, i) => 10 * Math.cos(i * i)) },
    };
    const single = asFloat32(model);
    const exact = await runModel(differentiate(single, { wrt: "x" }), feeds);
    const result = await runModel(gradient, feeds);
    expect(relativeError(result["v_x"]!.data, exact["v_x"]!.data)).toBeLessThan(3e-3);
  });
});

describe("what cannot be differentiated", () => {
  const withNode = (op: string, domain = "") =>
    buildModel({
      inputs: { x: [2, 3] },
      nodes: [{ op, domain, inputs: ["x"], outputs: ["y"] }],
      outputs: { y: { dtype: "float32", dims: [2, 3] } },
    });

  it("names an operator without a rule, and its node", () => {
    expect(() => differentiate(withNode("Atan"), { wrt: "x" })).toThrow(/Atan "Atan_0"/);
    expect(() => differentiate(withNode("Fancy", "org.example"), { wrt: "x" })).toThrow(
      /org\.example\.Fancy "Fancy_0"/,
    );
  });

  it("names a node whose gradient towards this input is missing", () => {
    const model = buildModel({
      inputs: { x: [2, 1, 3, 3] },
      constants: { image: weights([1, 1, 5, 5]) },
      nodes: [{ op: "Conv", inputs: ["image", "x"], outputs: ["y"] }],
      outputs: { y: "float32" },
    });
    expect(() => differentiate(model, { wrt: "x" })).toThrow(/Conv "Conv_0".*input 1 \("x"\)/);
    const enlarging = buildModel({
      inputs: { x: [1, 2, 5, 5] },
      constants: { w: weights([2, 1, 3, 3]) },
      nodes: [
        {
          op: "ConvTranspose",
          inputs: ["x", "w"],
          outputs: ["y"],
          attributes: { auto_pad: { kind: "string", value: "SAME_UPPER" } },
        },
      ],
      outputs: { y: "float32" },
    });
    expect(() => differentiate(enlarging, { wrt: "x" })).toThrow(/ConvTranspose.*padding follows/);
  });

  it("refuses overlapping maximum pooling and computed indices", () => {
    const pool = buildModel({
      inputs: { x: [1, 1, 5, 5] },
      nodes: [
        {
          op: "MaxPool",
          inputs: ["x"],
          outputs: ["y"],
          attributes: { kernel_shape: { kind: "ints", value: [3, 3] } },
        },
      ],
      outputs: { y: "float32" },
    });
    expect(() => differentiate(pool, { wrt: "x" })).toThrow(/MaxPool "MaxPool_0".*overlap/);
    const gather = buildModel({
      inputs: { x: [5, 2], i: { dtype: "int64", dims: [3] } },
      nodes: [{ op: "Gather", inputs: ["x", "i"], outputs: ["y"] }],
      outputs: { y: "float32" },
    });
    expect(() => differentiate(gather, { wrt: "x" })).toThrow(/Gather "Gather_0".*indices/);
  });

  it("wants sizes to be fixed", () => {
    const model = buildModel({
      inputs: { x: ["batch", 3] },
      nodes: [{ op: "Relu", inputs: ["x"], outputs: ["y"] }],
      constants: { unused: shape(1) },
      outputs: { y: "float32" },
    });
    expect(() => differentiate(model, { wrt: "x" })).toThrow(/"x" \[batch, 3\] is not fixed/);
  });
});

function half(dims: readonly number[], value: number) {
  return tensorOf("float16", dims, Array(sizeOf(dims)).fill(value));
}

function halves(dims: readonly number[]) {
  return tensorOf("float16", dims, valuesOf(weights(dims))!);
}

function asFloat32(model: Model): Model {
  const { graph } = model;
  const single = <T extends { readonly dtype: string }>(type: T) => ({ ...type, dtype: "float32" as const });
  return {
    ...model,
    graph: {
      ...graph,
      inputs: graph.inputs.map(single),
      outputs: graph.outputs.map(single),
      values: new Map([...graph.values].map(([name, type]) => [name, single(type)])),
      initializers: new Map(
        [...graph.initializers].map(([name, tensor]) => [
          name,
          tensorOf("float32", tensor.dims, valuesOf(tensor)!),
        ]),
      ),
    },
  };
}
