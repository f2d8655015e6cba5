import { describe, expect, it } from "vitest";
import { createRng } from "../../core/rng.ts";
import { int, ints } from "../attributes.ts";
import type { DType } from "../dtype.ts";
import type { Model } from "../model.ts";
import { externalStore, inlineStore, tensorReader } from "../storage.ts";
import type { OnnxTensor } from "../tensor.ts";
import { sizeOf, tensorOf } from "../tensor.ts";
import { buildModel, countOps } from "../testing/build.ts";
import type { NodeSpec } from "../testing/build.ts";
import { relativeError } from "../testing/golden.ts";
import { runModel } from "../testing/run-model.ts";
import { quantizeModel } from "./quantize.ts";
import type { QuantizeOptions } from "./quantize.ts";

const read = tensorReader(new Map());
const quantize = (model: Model, options: Partial<QuantizeOptions> = {}): Promise<Model> =>
  quantizeModel(model, { weights: "int8", keepRoles: [], read, store: inlineStore, ...options });

interface Case {
  readonly x: readonly number[];
  readonly ids?: boolean;
  readonly w: readonly number[];
  readonly constants?: Readonly<Record<string, OnnxTensor>>;
  readonly nodes: readonly NodeSpec[];
}

const ramp = (dims: readonly number[]): OnnxTensor =>
  tensorOf(
    "float32",
    dims,
    Array.from({ length: sizeOf(dims) }, (_, i) => i / 8),
  );

/** One operator with a weight w, as exporters write it. */
const CASES: Readonly<Record<string, Case>> = {
  Conv: {
    x: [1, 8, 5, 5],
    w: [16, 8, 3, 3],
    nodes: [{ op: "Conv", inputs: ["x", "w"], outputs: ["y"], attributes: { pads: ints([1, 1, 1, 1]) } }],
  },
  ConvTranspose: {
    x: [1, 8, 4, 4],
    w: [8, 16, 2, 2],
    nodes: [
      { op: "ConvTranspose", inputs: ["x", "w"], outputs: ["y"], attributes: { strides: ints([2, 2]) } },
    ],
  },
  MatMul: { x: [2, 3, 40], w: [40, 24], nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["y"] }] },
  "MatMul, twice": {
    x: [3, 32],
    w: [32, 32],
    nodes: [
      { op: "MatMul", inputs: ["x", "w"], outputs: ["z"] },
      { op: "MatMul", inputs: ["z", "w"], outputs: ["y"] },
    ],
  },
  Gemm: {
    x: [3, 64],
    w: [64, 24],
    constants: { b: ramp([24]) },
    nodes: [{ op: "Gemm", inputs: ["x", "w", "b"], outputs: ["y"] }],
  },
  "Gemm, transposed": {
    x: [3, 64],
    w: [24, 64],
    constants: { b: ramp([24]) },
    nodes: [{ op: "Gemm", inputs: ["x", "w", "b"], outputs: ["y"], attributes: { transB: int(1) } }],
  },
  Gather: {
    x: [2, 3],
    ids: true,
    w: [20, 32],
    nodes: [{ op: "Gather", inputs: ["x", "w"].toReversed(), outputs: ["y"] }],
  },
  "Transpose and MatMul": {
    x: [3, 32],
    w: [20, 32],
    nodes: [
      { op: "Transpose", inputs: ["w"], outputs: ["wt"], attributes: { perm: ints([1, 0]) } },
      { op: "MatMul", inputs: ["x", "wt"], outputs: ["y"] },
    ],
  },
};

function caseModel({ x, ids, w, constants = {}, nodes }: Case, values: readonly number[], opset = 17): Model {
  return buildModel({
    opset,
    inputs: { x: { dtype: ids ? "int64" : "float32", dims: x } },
    constants: { w: tensorOf("float32", w, values), ...constants },
    nodes,
    outputs: { y: "float32" },
  });
}

const feedOf = ({ x, ids }: Case) => {
  const rng = createRng("x");
  return {
    x: { dims: x, data: Array.from({ length: sizeOf(x) }, () => (ids ? rng.int(20) : rng.normal())) },
  };
};

/** Weights that a scale of their largest holds exactly, whichever of them share it. */
const ternary =
  (values: readonly number[]) =>
  (count: number): number[] =>
    Array.from({ length: count }, (_, i) => values[(i * 7 + Math.floor(i / 5)) % 3]!);
const onGrid = ternary([-1, 0, 1]);
/** Where the range has one code more below than above. */
const onUnevenGrid = ternary([-1, 0, 0.5]);
const random = (count: number): number[] => {
  const rng = createRng("w");
  return Array.from({ length: count }, () => rng.normal());
};

async function errorOf(
  one: Case,
  values: readonly number[],
  options: Partial<QuantizeOptions>,
): Promise<number> {
  const model = caseModel(one, values);
  const [exact, quantized] = [
    await runModel(model, feedOf(one)),
    await runModel(await quantize(model, options), feedOf(one)),
  ];
  return relativeError(quantized["y"]!.data, exact["y"]!.data);
}

describe.each(Object.entries(CASES))("%s", (_, one) => {
  const count = sizeOf(one.w);

  it("computes the same where the weights lie on the grid of int8", async () => {
    const model = await quantize(caseModel(one, onGrid(count)));
    expect(countOps(model)["DequantizeLinear"]).toBe(1);
    expect(model.graph.initializers.has("w")).toBe(false);
    expect(await errorOf(one, onGrid(count), { weights: "int8" })).toBeLessThan(2e-6);
  });

  it("is off by what rounding costs for other weights", async () => {
    expect(await errorOf(one, random(count), { weights: "int8" })).toBeLessThan(0.012);
    expect(await errorOf(one, random(count), { weights: "float16" })).toBeLessThan(5e-4);
  });
});

describe.each(["MatMul", "MatMul, twice", "Gemm", "Gemm, transposed"])("%s as MatMulNBits", (name) => {
  const one = CASES[name]!;
  const count = sizeOf(one.w);

  it.each([
    ["int4", 0.15],
    ["int8", 0.01],
  ] as const)("%s", async (weights, tolerance) => {
    const options = { weights, linear: "fused" } as const;
    const model = await quantize(caseModel(one, onUnevenGrid(count)), options);
    expect(countOps(model)["MatMulNBits"]).toBe(one.nodes.length);
    expect(await errorOf(one, onUnevenGrid(count), options)).toBeLessThan(2e-6);
    expect(await errorOf(one, random(count), options)).toBeLessThan(tolerance);
  });
});

describe("half-precision graphs", () => {
  it.each([
    [17, "dequantize", onGrid],
    [19, "dequantize", onGrid],
    [17, "fused", onUnevenGrid],
  ] as const)("keep their type, operator set %i, %s", async (opset, linear, grid) => {
    const halves = (values: readonly number[], dims: readonly number[]) => tensorOf("float16", dims, values);
    const model = buildModel({
      opset,
      inputs: { x: { dtype: "float16", dims: [3, 32] } },
      constants: { w: halves(grid(32 * 24), [32, 24]) },
      nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["y"] }],
      outputs: { y: "float16" },
    });
    const feeds = { x: { dims: [3, 32], data: random(96) } };
    const exact = await runModel(model, feeds);
    const quantized = await runModel(await quantize(model, { linear }), feeds);
    expect(relativeError(quantized["y"]!.data, exact["y"]!.data)).toBeLessThan(1e-3);
  });
});

describe("what is kept", () => {
  const convolution = (from: string, weight: string, to: string): NodeSpec => ({
    op: "Conv",
    inputs: [from, weight],
    outputs: [to],
    attributes: { pads: ints([1, 1, 1, 1]) },
  });
  const values = (dims: readonly number[], dtype: DType = "float32") =>
    tensorOf(dtype, dims, random(sizeOf(dims)));
  const unet = buildModel({
    inputs: { sample: ["batch", 8, 4, 4], timestep: ["batch", 32] },
    constants: {
      time: values([32, 16]),
      project: values([16, 32]),
      first: values([16, 8, 3, 3]),
      middle: values([16, 16, 3, 3]),
      last: values([8, 16, 3, 3]),
      axes: tensorOf("int64", [2], [2, 3]),
      bias: values([16]),
    },
    nodes: [
      { op: "MatMul", inputs: ["timestep", "time"], outputs: ["embedded"] },
      { op: "Unsqueeze", inputs: ["embedded", "axes"], outputs: ["added"] },
      convolution("sample", "first", "a"),
      { op: "Add", inputs: ["a", "added"], outputs: ["b"] },
      convolution("b", "middle", "c"),
      convolution("c", "last", "out"),
    ],
    outputs: { out: { dtype: "float32", dims: ["batch", 8, 4, 4] } },
  });
  const typed: Model = {
    ...unet,
    graph: {
      ...unet.graph,
      inputs: unet.graph.inputs.map((port) =>
        port.name === "timestep" ? { ...port, dims: ["batch"] } : port,
      ),
    },
  };
  const formats = (model: Model): Record<string, string> =>
    Object.fromEntries(
      [...model.graph.initializers]
        .filter(([, { dims }]) => dims.length > 1)
        .map(([name, { dtype }]) => [name.replace(/_(int8|half)$/, ""), dtype]),
    );

  it("the roles asked for", async () => {
    expect(formats(await quantize(typed))).toMatchObject({
      first: "int8",
      middle: "int8",
      last: "int8",
      time: "int8",
    });
    const roles = await quantize(typed, { keepRoles: ["first layer", "last layer", "time embedding"] });
    expect(formats(roles)).toMatchObject({
      first: "float16",
      middle: "int8",
      last: "float16",
      time: "float16",
    });
  });

  it("everything, when asked to keep", async () => {
    expect((await quantize(unet, { weights: "keep" })).graph).toEqual(unet.graph);
  });

  it("says what an operator set is too old for", async () => {
    const old = caseModel(CASES["MatMul"]!, random(960), 12);
    await expect(quantize(old)).rejects.toThrow(/operator set 12.*need 13/);
  });
});

describe("streaming", () => {
  it("reads and stores one weight at a time, with positions that hold", async () => {
    const one = CASES["Conv"]!;
    const model = caseModel(one, random(sizeOf(one.w)));
    // The weights as a file of their own, behind some other bytes.
    const weight = model.graph.initializers.get("w")!;
    const blob = new Blob([new Uint8Array(100), weight.raw as Uint8Array<ArrayBuffer>]);
    const external = new Map([
      ["location", "weights.pb"],
      ["offset", "100"],
    ]);
    const outside: Model = {
      ...model,
      graph: {
        ...model.graph,
        initializers: new Map([["w", { ...weight, raw: new Uint8Array(0), external }]]),
      },
    };
    const written: Uint8Array[] = [];
    const out = externalStore("model.onnx_data", async (bytes) => void written.push(bytes));
    const progress: [number, number][] = [];
    const quantized = await quantize(outside, {
      read: tensorReader(new Map([["weights.pb", blob]])),
      store: out.store,
      onProgress: (...step) => progress.push(step),
    });
    expect(progress.at(-1)![0]).toBe(progress.at(-1)![1]);
    const file = Buffer.concat(written);
    expect(file.byteLength).toBe(out.size());

    const reader = tensorReader(new Map([["model.onnx_data", new Uint8Array(file)]]));
    const inside = new Map<string, OnnxTensor>();
    for (const [name, tensor] of quantized.graph.initializers) {
      const { external: position, ...rest } = tensor;
      if (tensor.dtype === "int8") expect(Number(position!.get("offset")) % 64).toBe(0);
      inside.set(name, { ...rest, raw: await reader(tensor) });
    }
    const whole = { ...quantized, graph: { ...quantized.graph, initializers: inside } };
    const [a, b] = [await runModel(whole, feedOf(one)), await runModel(await quantize(model), feedOf(one))];
    expect([...a["y"]!.data]).toEqual([...b["y"]!.data]);
  });

  it("stops when told to, and says when weights are missing or cut short", async () => {
    const model = caseModel(CASES["MatMul"]!, random(960));
    await expect(quantize(model, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    const external = new Map([["location", "weights.pb"]]);
    const lost = { dtype: "float32" as const, dims: [10], raw: new Uint8Array(0), external };
    await expect(read(lost)).rejects.toThrow(/keeps weights in "weights.pb", which is not there/);
    const short = tensorReader(new Map([["weights.pb", new Uint8Array(39)]]));
    await expect(short(lost)).rejects.toThrow(/cut short: it has 39 bytes.*40/);
  });
});
