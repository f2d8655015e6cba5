import { float, int, ints, text } from "../../attributes.ts";
import { tensorOf } from "../../tensor.ts";
import type { NodeSpec } from "../build.ts";
import type { VjpCase, VjpCases } from "./case.ts";
import { one, weights } from "./case.ts";

type Attributes = NodeSpec["attributes"];

function conv(x: readonly number[], w: readonly number[], attributes: Attributes = {}, op = "Conv"): VjpCase {
  return {
    inputs: { x },
    nodes: one(op, ["w", "b"], attributes),
    constants: { w: weights(w), b: weights([op === "Conv" ? w[0]! : w[1]! * groupOf(attributes)]) },
  };
}

function groupOf(attributes: Attributes): number {
  const group = attributes?.["group"];
  return group?.kind === "int" ? group.value : 1;
}

const convTranspose = (x: readonly number[], w: readonly number[], attributes: Attributes = {}): VjpCase =>
  conv(x, w, attributes, "ConvTranspose");

const ones = (count: number) =>
  tensorOf(
    "float32",
    [count],
    Array.from({ length: count }, () => 1),
  );
const zeros = (count: number) =>
  tensorOf(
    "float32",
    [count],
    Array.from({ length: count }, () => 0),
  );

/** Weights as int8 with a scale for each of `scales` output channels, or one for all. */
function quantized(
  x: readonly number[],
  w: readonly number[],
  scales: number,
  group = 1,
  stride = 1,
): VjpCase {
  const count = w.reduce((product, size) => product * size, 1);
  const levels = Array.from({ length: count }, (_, i) => ((i * 37) % 255) - 127);
  const steps = Array.from({ length: scales }, (_, i) => 0.005 * (i + 1));
  const perChannel = scales > 1;
  return {
    inputs: { x },
    constants: {
      q: tensorOf("int8", w, levels),
      scales: tensorOf("float32", perChannel ? [scales] : [], steps),
    },
    nodes: [
      {
        op: "DequantizeLinear",
        inputs: ["q", "scales"],
        outputs: ["w"],
        attributes: perChannel ? { axis: int(0) } : {},
      },
      {
        op: "Conv",
        inputs: ["x", "w"],
        outputs: ["y"],
        attributes: { pads: ints([1, 1, 1, 1]), group: int(group), strides: ints([stride, stride]) },
      },
    ],
  };
}

export const networkCases: VjpCases = {
  "Conv 3×3, padded": conv([2, 2, 5, 6], [4, 2, 3, 3], { pads: ints([1, 1, 1, 1]) }),
  "Conv 3×3, unpadded": conv([1, 2, 5, 6], [4, 2, 3, 3]),
  "Conv 3×3, padded more than the kernel reaches": conv([1, 2, 4, 4], [3, 2, 3, 3], {
    pads: ints([3, 3, 3, 3]),
  }),
  "Conv 1×1": conv([2, 3, 4, 4], [5, 3, 1, 1]),
  "Conv 1×1, stride 2": conv([1, 3, 5, 4], [2, 3, 1, 1], { strides: ints([2, 2]) }),
  "Conv 4×4, stride 2": conv([1, 3, 8, 8], [4, 3, 4, 4], { pads: ints([1, 1, 1, 1]), strides: ints([2, 2]) }),
  "Conv, stride 2, asymmetric pads": conv([1, 2, 6, 6], [3, 2, 3, 3], {
    pads: ints([0, 0, 1, 1]),
    strides: ints([2, 2]),
  }),
  "Conv, stride 2 that leaves a rest": conv([1, 2, 6, 7], [3, 2, 3, 3], { strides: ints([2, 2]) }),
  "Conv, stride 3, kernel 2: gaps": conv([1, 2, 8, 8], [3, 2, 2, 2], { strides: ints([3, 3]) }),
  "Conv, dilated": conv([1, 2, 7, 7], [3, 2, 3, 3], { pads: ints([2, 2, 2, 2]), dilations: ints([2, 2]) }),
  "Conv, groups": conv([1, 4, 5, 5], [6, 2, 3, 3], { pads: ints([1, 1, 1, 1]), group: int(2) }),
  "Conv, depthwise": conv([1, 4, 5, 5], [4, 1, 3, 3], { pads: ints([1, 1, 1, 1]), group: int(4) }),
  "Conv, SAME_UPPER": conv([1, 2, 5, 6], [3, 2, 3, 3], {
    auto_pad: text("SAME_UPPER"),
    strides: ints([2, 2]),
  }),
  "Conv, SAME_LOWER": conv([1, 2, 5, 6], [3, 2, 3, 3], {
    auto_pad: text("SAME_LOWER"),
    strides: ints([2, 2]),
  }),
  "Conv, one axis": conv([2, 3, 9], [4, 3, 3], { pads: ints([1, 1]) }),
  "Conv, computed weights": {
    inputs: { x: [1, 2, 5, 5] },
    constants: { half: weights([4, 2, 3, 3]) },
    nodes: [
      { op: "Exp", inputs: ["half"], outputs: ["w"] },
      { op: "Conv", inputs: ["x", "w"], outputs: ["y"], attributes: { pads: ints([1, 1, 1, 1]) } },
    ],
  },
  "Conv, int8 weights per channel": quantized([1, 2, 5, 5], [3, 2, 3, 3], 3),
  "Conv, int8 weights per tensor, groups": quantized([1, 4, 5, 5], [6, 2, 3, 3], 1, 2),
  "Conv, int8 weights per channel, groups": quantized([1, 4, 5, 5], [6, 2, 3, 3], 6, 2),
  "Conv, int8 weights, stride 2": quantized([1, 2, 6, 6], [3, 2, 4, 4], 3, 1, 2),
  "ConvTranspose, stride 2": convTranspose([1, 3, 4, 4], [3, 2, 4, 4], {
    pads: ints([1, 1, 1, 1]),
    strides: ints([2, 2]),
  }),
  "ConvTranspose, output padding": convTranspose([1, 3, 4, 4], [3, 2, 3, 3], {
    pads: ints([1, 1, 1, 1]),
    strides: ints([2, 2]),
    output_padding: ints([1, 1]),
  }),
  "ConvTranspose, groups": convTranspose([1, 4, 4, 4], [4, 3, 3, 3], { group: int(2) }),
  "InstanceNormalization, groups as channels": {
    inputs: { x: [2, 3, 8] },
    nodes: one("InstanceNormalization", ["one", "zero"], { epsilon: float(1e-6) }),
    constants: { one: ones(3), zero: zeros(3) },
  },
  "InstanceNormalization, affine": {
    inputs: { x: [2, 3, 4, 4], scale: [3], bias: [3] },
    nodes: one("InstanceNormalization", ["scale", "bias"], { epsilon: float(1e-3) }),
  },
  ...Object.fromEntries(
    // Where reductions take their axes from changed with 13 and 18.
    [11, 18, 21].map((opset) => [
      `InstanceNormalization, operator set ${opset}`,
      {
        opset,
        inputs: { x: [2, 3, 4, 4], scale: [3] },
        nodes: one("InstanceNormalization", ["scale", "zero"]),
        constants: { zero: zeros(3) },
      },
    ]),
  ),
  "LayerNormalization, last axis": {
    inputs: { x: [2, 3, 8], scale: [8], bias: [8] },
    nodes: one("LayerNormalization", ["scale", "bias"]),
  },
  "LayerNormalization, two axes, no bias": {
    inputs: { x: [2, 3, 8] },
    nodes: one("LayerNormalization", ["scale"], { axis: int(1), epsilon: float(1e-3) }),
    constants: { scale: weights([3, 8]) },
  },
  BatchNormalization: {
    inputs: { x: [2, 3, 4, 4] },
    nodes: one("BatchNormalization", ["scale", "bias", "mean", "variance"]),
    constants: {
      scale: weights([3]),
      bias: weights([3]),
      mean: weights([3]),
      variance: tensorOf("float32", [3], [0.5, 1, 2]),
    },
  },
  "MatMul, matrices": { inputs: { x: [3, 4], w: [4, 5] }, nodes: one("MatMul", ["w"]) },
  "MatMul, weights": {
    inputs: { x: [2, 3, 4] },
    nodes: one("MatMul", ["w"]),
    constants: { w: weights([4, 5]) },
  },
  "MatMul, batches": { inputs: { x: [2, 3, 4, 5], w: [2, 3, 5, 2] }, nodes: one("MatMul", ["w"]) },
  "MatMul, batches broadcast": { inputs: { x: [2, 1, 4, 5], w: [3, 5, 2] }, nodes: one("MatMul", ["w"]) },
  "MatMul, left vector": { inputs: { x: [4], w: [2, 4, 5] }, nodes: one("MatMul", ["w"]) },
  "MatMul, right vector": { inputs: { x: [2, 3, 4], w: [4] }, nodes: one("MatMul", ["w"]) },
  Gemm: { inputs: { x: [3, 4], w: [4, 5], c: [5] }, nodes: one("Gemm", ["w", "c"]) },
  "Gemm, transposed B, scaled": {
    inputs: { x: [3, 4], w: [5, 4], c: [3, 1] },
    nodes: one("Gemm", ["w", "c"], { transB: int(1), alpha: float(0.5), beta: float(2) }),
  },
  "Gemm, transposed A": { inputs: { x: [4, 3], w: [4, 5] }, nodes: one("Gemm", ["w"], { transA: int(1) }) },
  "Gemm, both transposed": {
    inputs: { x: [4, 3], w: [5, 4] },
    nodes: one("Gemm", ["w"], { transA: int(1), transB: int(1), alpha: float(-2) }),
  },
  "Einsum, attention scores": {
    inputs: { x: [2, 3, 4], w: [2, 5, 4] },
    nodes: one("Einsum", ["w"], { equation: text("b i d, b j d -> b i j") }),
  },
  "Softmax, last axis": { inputs: { x: [2, 3, 5] }, nodes: one("Softmax", [], { axis: int(-1) }) },
  "Softmax, middle axis": { inputs: { x: [2, 3, 5] }, nodes: one("Softmax", [], { axis: int(1) }) },
  "Softmax over all later axes, as before operator set 13": {
    opset: 11,
    inputs: { x: [2, 3, 5] },
    nodes: one("Softmax", [], { axis: int(1) }),
  },
};
