import { describe, expect, it } from "vitest";
import { createRng } from "../../core/rng.ts";
import { float, ints, int, text } from "../attributes.ts";
import { differentiate } from "../differentiate.ts";
import type { Attribute, Model } from "../model.ts";
import { sizeOf } from "../tensor.ts";
import { buildModel, countOps } from "../testing/build.ts";
import type { NodeSpec } from "../testing/build.ts";
import { relativeError } from "../testing/golden.ts";
import { runModel } from "../testing/run-model.ts";
import type { Feed } from "../testing/run-model.ts";
import { fixShapes } from "./fix-shapes.ts";
import { standardOperators } from "./standard-operators.ts";

type Shapes = Readonly<Record<string, readonly number[]>>;
type Attributes = Readonly<Record<string, Attribute>>;

interface Case {
  readonly op: string;
  /** In the operator's order; a name of "" leaves an optional input out. */
  readonly inputs: Shapes | readonly (readonly [string, readonly number[]])[];
  readonly attributes?: Attributes;
  readonly outputs?: readonly string[];
}

const portsOf = ({ inputs }: Case): readonly (readonly [string, readonly number[]])[] =>
  Array.isArray(inputs) ? inputs : Object.entries(inputs);

function fusedModel(example: Case): Model {
  const { op, attributes = {}, outputs = ["y"] } = example;
  const ports = portsOf(example);
  const inputs = ports.map(([name]) => name);
  return modelOf(ports, [{ op, domain: "com.microsoft", inputs, outputs, attributes }], outputs);
}

function modelOf(
  ports: ReturnType<typeof portsOf>,
  nodes: readonly NodeSpec[],
  outputs: readonly string[],
): Model {
  return fixShapes(
    buildModel({
      inputs: Object.fromEntries(ports.filter(([name]) => name !== "")),
      nodes,
      outputs: Object.fromEntries(outputs.filter(Boolean).map((name) => [name, "float32"])),
    }),
  );
}

function feedsOf(example: Case): Record<string, Feed> {
  const rng = createRng(example.op);
  return Object.fromEntries(
    portsOf(example).flatMap(([name, dims]) =>
      name ? [[name, { dims, data: Float64Array.from({ length: sizeOf(dims) }, () => rng.normal()) }]] : [],
    ),
  );
}

/** Expands, and checks that nothing of com.microsoft is left and that declared types are those of the results. */
async function expanded(example: Case) {
  const model = standardOperators(fusedModel(example));
  expect(model.graph.nodes.filter(({ domain }) => domain !== "")).toEqual([]);
  const results = await runModel(model, feedsOf(example));
  for (const { name, dims } of model.graph.outputs) expect(results[name]!.dims).toEqual(dims);
  return results;
}

const heads = { num_heads: int(2) };
const N = 2;

/** Operators that onnxruntime's CPU provider runs. */
const RUNNABLE: Readonly<Record<string, Case>> = {
  "SkipLayerNormalization with every input and the sum": {
    op: "SkipLayerNormalization",
    inputs: { x: [N, 3, 8], skip: [N, 3, 8], gamma: [8], beta: [8], bias: [8] },
    attributes: { epsilon: float(1e-3) },
    outputs: ["y", "", "", "sum"],
  },
  "SkipLayerNormalization without bias": {
    op: "SkipLayerNormalization",
    inputs: { x: [N, 3, 8], skip: [N, 3, 8], gamma: [8], beta: [8] },
  },
  "MultiHeadAttention of queries, keys and values": {
    op: "MultiHeadAttention",
    inputs: { q: [N, 5, 8], k: [N, 3, 8], v: [N, 3, 8] },
    attributes: heads,
  },
  "MultiHeadAttention, wider values, biases, a scale of its own": {
    op: "MultiHeadAttention",
    inputs: [
      ["q", [N, 5, 8]],
      ["k", [N, 3, 8]],
      ["v", [N, 3, 12]],
      ["bias", [28]],
      ["", []],
      ["scores", [1, 2, 5, 3]],
    ],
    attributes: { ...heads, scale: float(0.7) },
  },
  "MultiHeadAttention, heads split already": {
    op: "MultiHeadAttention",
    inputs: { q: [N, 5, 8], k: [N, 2, 3, 4], v: [N, 2, 3, 4] },
    attributes: heads,
  },
  "FusedMatMul, both transposed": {
    op: "FusedMatMul",
    inputs: { a: [N, 4, 3], b: [N, 5, 4] },
    attributes: { transA: int(1), transB: int(1), alpha: float(0.3) },
  },
  "FusedConv, a sum and a slope": {
    op: "FusedConv",
    inputs: { x: [N, 3, 5, 4], w: [4, 3, 3, 3], bias: [4], z: [N, 4, 5, 4] },
    attributes: { pads: ints([1, 1, 1, 1]), activation: text("Relu") },
  },
};

describe("fused operators agree with onnxruntime's own", () => {
  for (const [name, example] of Object.entries(RUNNABLE)) {
    it(name, async () => {
      const want = await runModel(fusedModel(example), feedsOf(example));
      const got = await expanded(example);
      expect(Object.keys(got)).toEqual(Object.keys(want));
      for (const output of Object.keys(want))
        expect(relativeError(got[output]!.data, want[output]!.data), output).toBeLessThan(2e-6);
    });
  }
});

const NHWC_TO_NCHW: NodeSpec = {
  op: "Transpose",
  inputs: ["x"],
  outputs: ["planar"],
  attributes: { perm: ints([0, 3, 1, 2]) },
};
const NCHW_TO_NHWC: NodeSpec = {
  op: "Transpose",
  inputs: ["out"],
  outputs: ["y"],
  attributes: { perm: ints([0, 2, 3, 1]) },
};

describe("fused operators that onnxruntime-web has no kernel for", () => {
  it("BiasAdd", async () => {
    const example = { op: "BiasAdd", inputs: { x: [N, 3, 4], bias: [4], skip: [N, 3, 4] } };
    const { x, bias, skip } = feedsOf(example);
    const want = Float64Array.from(x!.data, (value, i) => value + bias!.data[i % 4]! + skip!.data[i]!);
    expect(relativeError((await expanded(example))["y"]!.data, want)).toBeLessThan(1e-6);
  });

  it("BiasSplitGelu", async () => {
    const example = { op: "BiasSplitGelu", inputs: { x: [N, 3, 8], bias: [8] } };
    const model = modelOf(
      Object.entries(example.inputs),
      [
        { op: "Add", inputs: ["x", "bias"], outputs: ["biased"] },
        { op: "Split", inputs: ["biased"], outputs: ["value", "gate"], attributes: { axis: int(-1) } },
        { op: "Gelu", domain: "com.microsoft", inputs: ["gate"], outputs: ["open"] },
        { op: "Mul", inputs: ["value", "open"], outputs: ["y"] },
      ],
      ["y"],
    );
    const want = await runModel(model, feedsOf(example));
    expect(relativeError((await expanded(example))["y"]!.data, want["y"]!.data)).toBeLessThan(2e-6);
  });

  for (const [layout, w] of [
    ["[out, kH, kW, in]", [4, 3, 2, 5]],
    ["[out, in, kH, kW]", [4, 5, 3, 2]],
  ] as const) {
    it(`NhwcConv, weights as ${layout}`, async () => {
      const attributes = { kernel_shape: ints([3, 2]), strides: ints([2, 1]), pads: ints([1, 0, 1, 1]) };
      const example = { op: "NhwcConv", inputs: { x: [N, 6, 7, 5], w, bias: [4] }, attributes };
      const channelsLast = w[3] === 5;
      const model = modelOf(
        Object.entries(example.inputs),
        [
          NHWC_TO_NCHW,
          { op: "Transpose", inputs: ["w"], outputs: ["w2"], attributes: { perm: ints([0, 3, 1, 2]) } },
          { op: "Conv", inputs: ["planar", channelsLast ? "w2" : "w", "bias"], outputs: ["out"], attributes },
          NCHW_TO_NHWC,
        ],
        ["y"],
      );
      const want = await runModel(model, feedsOf(example));
      expect(relativeError((await expanded(example))["y"]!.data, want["y"]!.data)).toBeLessThan(2e-6);
    });
  }

  for (const skip of [
    [N, 3, 2, 4],
    [N, 1, 1, 4],
    [N, 4],
  ]) {
    it(`SkipGroupNorm with a skip of [${skip.join(", ")}]`, async () => {
      const attributes = { groups: int(2), epsilon: float(1e-3), activation: int(1) };
      const inputs = { x: [N, 3, 2, 4], gamma: [4], beta: [4], skip, bias: [4] };
      const example = { op: "SkipGroupNorm", inputs, attributes, outputs: ["y", "sum"] };
      const got = await expanded(example);
      const feeds = feedsOf(example);
      const sum = Float64Array.from(feeds["x"]!.data, (value, i) => {
        const channel = i % 4;
        const at = skip.length === 4 && skip[1] === 3 ? i : Math.floor(i / 24) * 4 + channel;
        return value + feeds["skip"]!.data[at]! + feeds["bias"]!.data[channel]!;
      });
      expect(relativeError(got["sum"]!.data, sum)).toBeLessThan(1e-6);
      const norm = { op: "GroupNorm", inputs: { x: [N, 3, 2, 4], gamma: [4], beta: [4] }, attributes };
      const normalized = await runModel(standardOperators(fusedModel(norm)), {
        x: { dims: [N, 3, 2, 4], data: sum },
        gamma: feeds["gamma"]!,
        beta: feeds["beta"]!,
      });
      expect(relativeError(got["y"]!.data, normalized["y"]!.data)).toBeLessThan(2e-6);
    });
  }

  it("MultiHeadAttention with everything packed is that of the parts", async () => {
    const [length, width] = [3, 4];
    const parts = { q: [N, length, 8], k: [N, length, 8], v: [N, length, 8] };
    const plain = { op: "MultiHeadAttention", inputs: parts, attributes: heads };
    const feeds = feedsOf(plain);
    const want = await runModel(fusedModel(plain), feeds);
    /** [N, L, heads, parts, d] */
    const pack = (names: readonly string[]): Feed => {
      const data = Array.from({ length: N * length * 2 }, (_, row) =>
        names.flatMap((name) => [
          ...Float64Array.from(feeds[name]!.data).subarray(row * width, (row + 1) * width),
        ]),
      ).flat();
      return { dims: [N, length, 2, names.length, width], data };
    };
    for (const inputs of [{ qkv: pack(["q", "k", "v"]) }, { q: feeds["q"]!, kv: pack(["k", "v"]) }]) {
      const shapes = Object.fromEntries(Object.entries(inputs).map(([name, { dims }]) => [name, dims]));
      const model = standardOperators(
        fusedModel({ op: "MultiHeadAttention", inputs: shapes, attributes: heads }),
      );
      const got = await runModel(model, inputs);
      expect(relativeError(got["y"]!.data, want["y"]!.data)).toBeLessThan(2e-6);
    }
  });
});

describe("the pass", () => {
  const masked: Case = {
    op: "MultiHeadAttention",
    inputs: [
      ["q", [N, 5, 8]],
      ["k", [N, 3, 8]],
      ["v", [N, 3, 8]],
      ["", []],
      ["mask", [N, 3]],
    ],
    attributes: heads,
  };

  it("says what it cannot express", () => {
    expect(() => standardOperators(fusedModel(masked))).toThrow(
      /MultiHeadAttention "MultiHeadAttention_0" uses a key/,
    );
    const mean = { ...RUNNABLE["SkipLayerNormalization without bias"]!, outputs: ["y", "mean"] };
    expect(() => standardOperators(fusedModel(mean))).toThrow(/gives "mean"/);
    const gate = { ...RUNNABLE["FusedConv, a sum and a slope"]!, attributes: { activation: text("Swoosh") } };
    expect(() =>
      standardOperators(fusedModel({ ...gate, inputs: { x: [1, 1, 3, 3], w: [1, 1, 1, 1] } })),
    ).toThrow(/activation Swoosh/);
  });

  it("leaves nodes that are not wanted", () => {
    const model = fusedModel(masked);
    expect(standardOperators(model, () => false)).toBe(model);
  });

  it("makes fused attention differentiable", () => {
    const gradient = differentiate(fusedModel(RUNNABLE["MultiHeadAttention of queries, keys and values"]!), {
      wrt: "q",
    });
    expect(countOps(gradient)["MultiHeadAttention"]).toBeUndefined();
  });
});
