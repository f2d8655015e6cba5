import { describe, expect, it } from "vitest";
import { createRng } from "../../core/rng.ts";
import { float, int, ints } from "../attributes.ts";
import { castNode } from "../cast.ts";
import type { DType } from "../dtype.ts";
import type { Model } from "../model.ts";
import { quantizeModel } from "../quantize/quantize.ts";
import { inlineStore, tensorReader } from "../storage.ts";
import { int64s, sizeOf, tensorOf } from "../tensor.ts";
import { buildModel, countOps } from "../testing/build.ts";
import type { NodeSpec } from "../testing/build.ts";
import { readGolden, relativeError } from "../testing/golden.ts";
import { runModel } from "../testing/run-model.ts";
import { fixShapes } from "./fix-shapes.ts";
import { mixedPrecision } from "./mixed-precision.ts";

const rng = createRng("mixed precision");
const normal = (dims: readonly number[], scale = 1): number[] =>
  Array.from({ length: sizeOf(dims) }, () => scale * rng.normal());

/** A step of a UNet in miniature: timestep, convolution, group norm, attention, and the way out. */
const NODES: readonly NodeSpec[] = [
  { op: "Mul", inputs: ["t", "frequencies"], outputs: ["angles"] },
  { op: "Sin", inputs: ["angles"], outputs: ["waves"] },
  { op: "Gemm", inputs: ["waves", "w_time", "b_time"], outputs: ["time"] },
  { op: "Unsqueeze", inputs: ["time", "last"], outputs: ["time_map"] },
  { op: "Conv", inputs: ["x", "w_in"], outputs: ["c"], attributes: { pads: ints([1, 1, 1, 1]) } },
  { op: "Add", inputs: ["c", "time_map"], outputs: ["h"] },
  { op: "Reshape", inputs: ["h", "groups"], outputs: ["grouped"] },
  {
    op: "InstanceNormalization",
    inputs: ["grouped", "one", "zero"],
    outputs: ["normal"],
    attributes: { epsilon: float(1e-5) },
  },
  { op: "Reshape", inputs: ["normal", "rows"], outputs: ["tokens"] },
  { op: "Transpose", inputs: ["tokens"], outputs: ["q"], attributes: { perm: ints([0, 2, 1]) } },
  { op: "MatMul", inputs: ["q", "w_k"], outputs: ["k"] },
  { op: "Transpose", inputs: ["k"], outputs: ["kt"], attributes: { perm: ints([0, 2, 1]) } },
  { op: "MatMul", inputs: ["q", "kt"], outputs: ["scores"] },
  { op: "Softmax", inputs: ["scores"], outputs: ["p"], attributes: { axis: int(-1) } },
  { op: "MatMul", inputs: ["p", "q"], outputs: ["mixed"] },
  { op: "MatMul", inputs: ["mixed", "w_out"], outputs: ["projected"] },
  { op: "Transpose", inputs: ["projected"], outputs: ["maps"], attributes: { perm: ints([0, 2, 1]) } },
  { op: "Reshape", inputs: ["maps", "image"], outputs: ["back"] },
  { op: "Add", inputs: ["back", "h"], outputs: ["y"] },
];
const [CHANNELS, SIDE] = [32, 6];
const WEIGHTS = {
  w_time: normal([16, CHANNELS], 0.2),
  w_in: normal([CHANNELS, 4, 3, 3], 0.1),
  w_k: normal([CHANNELS, CHANNELS], 0.2),
  w_out: normal([CHANNELS, CHANNELS], 0.2),
};
const DIMS = {
  w_time: [16, CHANNELS],
  w_in: [CHANNELS, 4, 3, 3],
  w_k: [CHANNELS, CHANNELS],
  w_out: [CHANNELS, CHANNELS],
} as const;

/** With weights in any type; a Cast brings those that are not float32 to it. */
function unet(type: DType = "float32", opset = 17, scale = 1): Model {
  const built = buildModel({
    opset,
    inputs: { x: [1, 4, SIDE, SIDE], t: [1, 1] },
    constants: {
      frequencies: tensorOf(
        "float32",
        [16],
        Array.from({ length: 16 }, (_, i) => 10 ** (-i / 4)),
      ),
      b_time: tensorOf("float32", [CHANNELS], normal([CHANNELS])),
      last: int64s([2, 3]),
      groups: int64s([1, 8, -1]),
      one: tensorOf("float32", [8], Array(8).fill(1)),
      zero: tensorOf("float32", [8], Array(8).fill(0)),
      rows: int64s([1, CHANNELS, -1]),
      image: int64s([1, CHANNELS, SIDE, SIDE]),
      ...Object.fromEntries(
        Object.entries(WEIGHTS).map(([name, values]) => [
          type === "float32" ? name : `${name}_stored`,
          tensorOf(
            type,
            DIMS[name as keyof typeof DIMS],
            values.map((value) => value * scale),
          ),
        ]),
      ),
    },
    nodes: NODES,
    outputs: { y: "float32" },
  });
  const casts = Object.keys(WEIGHTS).map((name) =>
    castNode(`${name}/Cast`, `${name}_stored`, name, "float32"),
  );
  const nodes = type === "float32" ? built.graph.nodes : [...casts, ...built.graph.nodes];
  return fixShapes({ ...built, graph: { ...built.graph, nodes } });
}

const feeds = {
  x: { dims: [1, 4, SIDE, SIDE], data: normal([1, 4, SIDE, SIDE]) },
  t: { dims: [1, 1], data: [981.4] },
};
const mixed = (model: Model): Model => mixedPrecision(model, () => true);

/** The type in which each operator gives its result. */
function typesOf(model: Model): Record<string, readonly DType[]> {
  const { graph } = model;
  const types = new Map([...graph.values, ...graph.outputs.map((output) => [output.name, output] as const)]);
  const found: Record<string, DType[]> = {};
  for (const { op, outputs } of graph.nodes) (found[op] ??= []).push(types.get(outputs[0]!)!.dtype);
  return found;
}

describe("mixed precision", () => {
  it("multiplies weights in half precision, and norms, attention and timesteps in single", () => {
    const types = typesOf(mixed(unet()));
    expect(types).toMatchObject({
      Conv: ["float16"],
      Gemm: ["float16"],
      InstanceNormalization: ["float32"],
      Softmax: ["float32"],
      Sin: ["float32"],
      // The product of queries and keys and that of weights and values have no weights of the network.
      MatMul: ["float16", "float32", "float32", "float16"],
      // What stands between two products in half precision: the time on the maps, and the way around.
      Add: ["float16", "float16"],
    });
  });

  it("takes and gives float32, and all weights are halves", () => {
    const { graph } = mixed(unet());
    expect([...graph.inputs, ...graph.outputs].map(({ dtype }) => dtype)).toEqual([
      "float32",
      "float32",
      "float32",
    ]);
    const large = [...graph.initializers.values()].filter(({ dims }) => sizeOf(dims) >= 512);
    expect(large.map(({ dtype }) => dtype)).toEqual(["float16", "float16", "float16", "float16"]);
  });

  it("is off by the rounding of halves", async () => {
    const model = unet();
    const [exact, rounded] = [await runModel(model, feeds), await runModel(mixed(model), feeds)];
    const error = relativeError(rounded["y"]!.data, exact["y"]!.data);
    expect(error).toBeLessThan(2e-3);
    expect(error).toBeGreaterThan(1e-5); // it computes in another precision
  });

  it("is off by little for a UNet of Stable Diffusion's structure, each result of a node rounded", async () => {
    const { model, inputs, shapes, output, outputs } = readGolden("unet");
    const inHalf = mixed(fixShapes(model, shapes));
    expect(countOps(inHalf)["Cast"]).toBeGreaterThan(10);
    const results = await runModel(inHalf, inputs);
    const error = relativeError(results[output]!.data, outputs.data);
    expect(error).toBeLessThan(3e-3);
    expect(error).toBeGreaterThan(1e-4);
  });

  it("uses weights that are stored as halves as they lie there", async () => {
    const stored = unet("float16");
    const inHalf = mixed(stored);
    expect(inHalf.graph.initializers.get("w_in_stored")).toBe(stored.graph.initializers.get("w_in_stored"));
    expect(inHalf.graph.nodes.filter(({ inputs }) => inputs[0]!.endsWith("_stored"))).toEqual([]);
    const [exact, rounded] = [await runModel(stored, feeds), await runModel(inHalf, feeds)];
    expect(relativeError(rounded["y"]!.data, exact["y"]!.data)).toBeLessThan(2e-3);
  });

  it.each([
    ["int8", "dequantize", 17, { DequantizeLinear: ["float32", "float32", "float32", "float32"] }],
    ["int8", "dequantize", 19, { DequantizeLinear: ["float16", "float16", "float16", "float16"] }],
    ["int8", "fused", 17, { MatMulNBits: ["float16", "float16", "float16"] }],
    ["int4", "fused", 17, { MatMulNBits: ["float16", "float16", "float16"] }],
  ] as const)(
    "expands %s weights (%s, opset %i) for products in half precision",
    async (weights, linear, opset, types) => {
      const quantized = fixShapes(
        await quantizeModel(unet("float32", opset), {
          weights,
          linear,
          keepRoles: [],
          read: tensorReader(new Map()),
          store: inlineStore,
        }),
      );
      const inHalf = mixed(quantized);
      expect(typesOf(inHalf)).toMatchObject(types);
      const [single, rounded] = [await runModel(quantized, feeds), await runModel(inHalf, feeds)];
      expect(relativeError(rounded["y"]!.data, single["y"]!.data)).toBeLessThan(3e-3);
    },
  );

  it("leaves products with constants that are no weights alone", () => {
    const types = typesOf(mixedPrecision(unet(), (name) => name !== "w_k"));
    expect(types["MatMul"]).toEqual(["float32", "float32", "float32", "float16"]);
  });

  it("cuts constants to the range of halves", async () => {
    const masked = fixShapes(
      buildModel({
        inputs: { x: [1, 32] },
        constants: {
          w: tensorOf("float32", [32, 32], normal([32, 32])),
          mask: tensorOf("float32", [32], [...Array<number>(31).fill(0), -3.4028234663852886e38]),
        },
        nodes: [
          { op: "MatMul", inputs: ["x", "w"], outputs: ["z"] },
          { op: "Add", inputs: ["z", "mask"], outputs: ["masked"] },
          { op: "Softmax", inputs: ["masked"], outputs: ["y"], attributes: { axis: int(-1) } },
        ],
        outputs: { y: "float32" },
      }),
    );
    const model = mixed(masked);
    expect(countOps(model)).toMatchObject({ MatMul: 1, Add: 1, Softmax: 1 });
    const { y } = await runModel(model, { x: { dims: [1, 32], data: normal([1, 32]) } });
    expect(y!.data.every(Number.isFinite)).toBe(true);
    expect(y!.data[31]).toBe(0);
  });

  it("overflows where values leave the range of halves, which a run can see", async () => {
    const { y } = await runModel(mixed(unet("float32", 17, 3e4)), feeds);
    expect(y!.data.every(Number.isFinite)).toBe(false);
  });
});
