import { describe, expect, it } from "vitest";
import { createRng } from "../../core/rng.ts";
import { int, ints } from "../attributes.ts";
import { differentiate } from "../differentiate.ts";
import type { Model } from "../model.ts";
import { quantizeModel } from "../quantize/quantize.ts";
import { inlineStore } from "../storage.ts";
import type { OnnxTensor } from "../tensor.ts";
import { scalarOf, tensorOf } from "../tensor.ts";
import type { NodeSpec } from "../testing/build.ts";
import { buildModel, countOps } from "../testing/build.ts";
import { relativeError } from "../testing/golden.ts";
import { runModel } from "../testing/run-model.ts";
import { shape, weights } from "../testing/vjp-cases/case.ts";
import { findAttention } from "./attention/find.ts";
import { fixShapes } from "./fix-shapes.ts";
import { fuseAttention } from "./fuse-attention.ts";

const [N, S, L, H, D] = [2, 5, 7, 3, 4];
const W = H * D;
const rng = createRng("attention");
const draw = (count: number) => Float64Array.from({ length: count }, () => rng.normal());
const FEEDS = {
  q: { dims: [N, S, W], data: draw(N * S * W) },
  k: { dims: [N, L, W], data: draw(N * L * W) },
  v: { dims: [N, L, W], data: draw(N * L * W) },
};

const node = (
  op: string,
  inputs: string,
  output: string,
  attributes: NodeSpec["attributes"] = {},
): NodeSpec => ({
  op,
  inputs: inputs.split(" "),
  outputs: [output],
  attributes,
});
const swap = (from: string, to: string, ...perm: number[]) =>
  node("Transpose", from, to, { perm: ints(perm) });
const softmax = (from: string, axis = -1) => node("Softmax", from, "p", { axis: int(axis) });

/** Queries, keys and values a matrix a head: qh, kt (transposed) and vh, as TorchScript writes them. */
const APART = [
  node("Reshape", "q split", "q4"),
  swap("q4", "qh", 0, 2, 1, 3),
  node("Reshape", "k split", "k4"),
  swap("k4", "kt", 0, 2, 3, 1),
  node("Reshape", "v split", "v4"),
  swap("v4", "vh", 0, 2, 1, 3),
];
const TOGETHER = [swap("o", "o4", 0, 2, 1, 3), node("Reshape", "o4 join", "y")];
/** The same with the heads in the batch, as older diffusers did. */
const BATCHED = [
  ...APART.slice(0, 3),
  swap("k4", "kh", 0, 2, 1, 3),
  ...APART.slice(4),
  node("Reshape", "qh batch", "qb"),
  node("Reshape", "kh batch", "kb"),
  swap("kb", "ktb", 0, 2, 1),
  node("Reshape", "vh batch", "vb"),
];
const UNBATCHED = [node("Reshape", "ob unbatch", "o"), ...TOGETHER];
const CORE = [node("MatMul", "qh kt", "s"), softmax("s"), node("MatMul", "p vh", "o")];

const random = (...dims: number[]): OnnxTensor => weights(dims, 2);
const CONSTANTS = {
  split: shape(0, -1, H, D),
  join: shape(0, 0, -1),
  batch: shape(N * H, -1, D),
  unbatch: shape(N, H, -1, D),
  scale: scalarOf("float32", 0.6),
  third: tensorOf("float32", [1], [3]),
  none: scalarOf("float32", 0),
  fourD: shape(N, H, S, L),
  threeD: shape(N * H, S, L),
  nothing: shape(N * H, S, L),
};

interface Form {
  readonly nodes: readonly NodeSpec[];
  readonly mask?: OnnxTensor;
}

const model = ({ nodes, mask }: Form): Model =>
  fixShapes(
    buildModel({
      inputs: { q: ["n", "s", W], k: ["n", "l", W], v: ["n", "l", W] },
      constants: { ...CONSTANTS, ...(mask && { mask }) },
      nodes: [...nodes],
      outputs: { y: "float32" },
    }),
    { q: FEEDS.q.dims, k: FEEDS.k.dims, v: FEEDS.v.dims },
  );

const masked: Form["nodes"] = [
  ...APART,
  node("MatMul", "qh kt", "s"),
  node("Mul", "s scale", "scaled"),
  node("Add", "scaled mask", "b"),
  softmax("b"),
  node("MatMul", "p vh", "o"),
  ...TOGETHER,
];

const FORMS: Readonly<Record<string, Form>> = {
  "without a scale": { nodes: [...APART, ...CORE, ...TOGETHER] },
  "queries scaled": {
    nodes: [
      ...APART,
      node("Mul", "scale qh", "qs"),
      node("MatMul", "qs kt", "s"),
      ...CORE.slice(1),
      ...TOGETHER,
    ],
  },
  "queries and keys divided": {
    nodes: [
      node("Div", "q third", "qd"),
      ...APART.map((each) => (each.inputs[0] === "q" ? { ...each, inputs: ["qd", "split"] } : each)),
      node("Div", "kt third", "kd"),
      node("MatMul", "qh kd", "s"),
      ...CORE.slice(1),
      ...TOGETHER,
    ],
  },
  "scores scaled and masked": { nodes: masked, mask: random(1, 1, S, L) },
  "a mask for each of the batch, the same for all queries": { nodes: masked, mask: random(N, 1, 1, L) },
  "a mask for each head, the same for all of the batch": { nodes: masked, mask: random(H, S, L) },
  "heads in the batch, a sum with nothing": {
    nodes: [
      ...BATCHED,
      node("MatMul", "qb ktb", "s"),
      node("Mul", "s scale", "scaled"),
      node("Expand", "none nothing", "zeros"),
      node("Mul", "zeros third", "beta"),
      node("Add", "scaled beta", "b"),
      softmax("b"),
      node("MatMul", "p vb", "ob"),
      ...UNBATCHED,
    ],
  },
  "heads in the batch, a mask for each": {
    nodes: [
      ...BATCHED,
      node("MatMul", "qb ktb", "s"),
      node("Add", "mask s", "b"),
      softmax("b", 2),
      node("MatMul", "p vb", "ob"),
      ...UNBATCHED,
    ],
    mask: random(N * H, S, L),
  },
  "heads in the batch, out of it for the mask": {
    nodes: [
      ...BATCHED,
      node("MatMul", "qb ktb", "s"),
      node("Reshape", "s fourD", "s4"),
      node("Add", "s4 mask", "b4"),
      node("Reshape", "b4 threeD", "b"),
      softmax("b"),
      node("MatMul", "p vb", "ob"),
      ...UNBATCHED,
    ],
    mask: random(1, 1, S, L),
  },
  "casts that change nothing": {
    nodes: [
      ...APART,
      node("MatMul", "qh kt", "s"),
      node("Softmax", "s", "p0", { axis: int(-1) }),
      node("Cast", "p0", "p", { to: int(1) }),
      node("MatMul", "p vh", "o"),
      ...TOGETHER,
    ],
  },
  "never together": {
    nodes: [
      node("Relu", "q", "qr"),
      ...APART.map((each) => (each.inputs[0] === "q" ? { ...each, inputs: ["qr", "split"] } : each)),
      node("Tanh", "qh", "qt"),
      node("Tanh", "kt", "ktt"),
      node("MatMul", "qt ktt", "s"),
      ...CORE.slice(1),
      node("Relu", "o", "y"),
    ],
  },
};

const OTHERS: Readonly<Record<string, Form>> = {
  "scores that others read": {
    nodes: [...APART, ...CORE, ...TOGETHER.slice(0, 1), node("ReduceSum", "s", "sum"), ...added("sum")],
  },
  "weights that others read": {
    nodes: [...APART, ...CORE, ...TOGETHER.slice(0, 1), node("ReduceSum", "p", "sum"), ...added("sum")],
  },
  "a softmax over queries": {
    nodes: [...APART, node("MatMul", "qh kt", "s"), softmax("s", 2), ...CORE.slice(2), ...TOGETHER],
  },
  "a scale behind the mask": {
    nodes: [
      ...APART,
      node("MatMul", "qh kt", "s"),
      node("Add", "s mask", "b"),
      node("Mul", "b scale", "scaled"),
      softmax("scaled"),
      ...CORE.slice(2),
      ...TOGETHER,
    ],
    mask: random(1, 1, S, L),
  },
};

function added(sum: string): NodeSpec[] {
  return [node("Reshape", "o4 join", "joined"), node("Add", `joined ${sum}`, "y")];
}

describe("attention, fused", () => {
  for (const [name, form] of Object.entries(FORMS)) {
    it(name, async () => {
      const plain = model(form);
      const fused = fuseAttention(plain, findAttention(plain));
      expect(countOps(fused)).toMatchObject({ MultiHeadAttention: 1 });
      expect(countOps(fused)).not.toHaveProperty("MatMul");
      const [want, got] = [await runModel(plain, FEEDS), await runModel(fused, FEEDS)];
      expect(got["y"]!.dims).toEqual(want["y"]!.dims);
      expect(relativeError(got["y"]!.data, want["y"]!.data)).toBeLessThan(1e-6);
    });
  }

  for (const [name, form] of Object.entries(OTHERS))
    it(`not: ${name}`, () => expect(findAttention(model(form))).toEqual([]));

  it("not in half precision where the softmax is in single", () => {
    const halves = buildModel({
      inputs: Object.fromEntries(
        Object.entries(FEEDS).map(([name, { dims }]) => [name, { dtype: "float16" as const, dims }]),
      ),
      constants: CONSTANTS,
      nodes: [
        ...APART,
        node("MatMul", "qh kt", "s"),
        node("Cast", "s", "wide", { to: int(1) }),
        node("Softmax", "wide", "p0", { axis: int(-1) }),
        node("Cast", "p0", "p", { to: int(10) }),
        node("MatMul", "p vh", "o"),
        ...TOGETHER,
      ],
      outputs: { y: "float16" },
    });
    expect(findAttention(fixShapes(halves))).toEqual([]);
  });

  it("not in the graph of a gradient, which reads the weights again", () => {
    const plain = model(FORMS["scores scaled and masked"]!);
    const gradient = differentiate(plain, { wrt: "q", output: "y", cotangentName: "vY" });
    expect(countOps(gradient)["Softmax"]).toBe(1);
    expect(findAttention(gradient)).toEqual([]);
  });

  for (const [weights, linear, operators] of [
    ["int8", "dequantize", { MatMul: 3, DequantizeLinear: 1 }],
    ["int4", "fused", { MatMulNBits: 3 }],
  ] as const) {
    it(`between projections of ${weights}`, async () => {
      const x = { dims: [N, L, 64], data: draw(N * L * 64) };
      const plain = buildModel({
        inputs: { x: x.dims },
        constants: { ...CONSTANTS, w: random(64, W) },
        nodes: [
          ...["q", "k", "v"].map((name) => node("MatMul", "x w", name)),
          ...APART,
          ...CORE,
          ...TOGETHER,
        ],
        outputs: { y: "float32" },
      });
      const storage = { read: async ({ raw }: OnnxTensor) => raw, store: inlineStore };
      const quantized = fixShapes(await quantizeModel(plain, { weights, linear, keepRoles: [], ...storage }));
      const fused = fuseAttention(quantized, findAttention(quantized));
      expect(countOps(fused)).toEqual({ MultiHeadAttention: 1, ...operators });
      const [want, got] = [await runModel(quantized, { x }), await runModel(fused, { x })];
      expect(relativeError(got["y"]!.data, want["y"]!.data)).toBeLessThan(1e-6);
    });
  }
});
