import { int, ints, text } from "../../attributes.ts";
import type { NodeSpec } from "../build.ts";
import type { VjpCase, VjpCases } from "./case.ts";
import { one, shape } from "./case.ts";

/** A second node, so that what is pulled back is not the cotangent as it came. */
function squared(nodes: readonly NodeSpec[]): NodeSpec[] {
  return [
    { op: "Mul", inputs: ["x", "x"], outputs: ["squared"] },
    ...nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map((name) => (name === "x" ? "squared" : name)),
    })),
  ];
}

function moved(
  x: readonly number[],
  op: string,
  rest: Partial<VjpCase> & { attributes?: NodeSpec["attributes"] },
): VjpCase {
  const { attributes, ...others } = rest;
  return { inputs: { x }, nodes: squared(one(op, Object.keys(rest.constants ?? {}), attributes)), ...others };
}

/** Starts, ends, axes, steps as Slice takes them. */
function slice(x: readonly number[], ...bounds: readonly number[][]): VjpCase {
  const names = ["starts", "ends", "axes", "steps"];
  return moved(x, "Slice", {
    constants: Object.fromEntries(bounds.map((values, i) => [names[i]!, shape(...values)])),
  });
}

const pad = (x: readonly number[], pads: readonly number[], mode = "constant"): VjpCase =>
  moved(x, "Pad", { constants: { pads: shape(...pads) }, attributes: { mode: text(mode) } });

const END = Number.MAX_SAFE_INTEGER;

const gather = (dims: readonly number[], indices: ReturnType<typeof shape>, axis: number): VjpCase =>
  moved(dims, "Gather", { constants: { indices }, attributes: { axis: int(axis) } });

export const layoutCases: VjpCases = {
  Reshape: moved([2, 3, 4], "Reshape", { constants: { shape: shape(0, -1) } }),
  Flatten: moved([2, 3, 4], "Flatten", { attributes: { axis: int(2) } }),
  Squeeze: moved([2, 1, 4], "Squeeze", { constants: { axes: shape(1) } }),
  "Squeeze, axes as attribute": moved([2, 1, 4], "Squeeze", { opset: 11, attributes: { axes: ints([1]) } }),
  Unsqueeze: moved([2, 4], "Unsqueeze", { constants: { axes: shape(0, -1) } }),
  "Unsqueeze, axes as attribute": moved([2, 4], "Unsqueeze", { opset: 11, attributes: { axes: ints([1]) } }),
  Transpose: moved([2, 3, 4, 5], "Transpose", { attributes: { perm: ints([2, 0, 3, 1]) } }),
  "Transpose, reversed": moved([2, 3, 4], "Transpose", {}),
  Expand: moved([3, 1], "Expand", { constants: { shape: shape(2, 1, 4) } }),
  Tile: moved([2, 3], "Tile", { constants: { repeats: shape(2, 3) } }),
  Concat: {
    inputs: { x: [2, 3, 2], w: [2, 1, 2] },
    nodes: squared(one("Concat", ["w", "x"], { axis: int(-2) })),
  },
  "Split, one part unused": {
    inputs: { x: [2, 6, 2] },
    constants: { sizes: shape(1, 2, 3) },
    nodes: [
      { op: "Split", inputs: ["x", "sizes"], outputs: ["a", "b", "c"], attributes: { axis: int(1) } },
      { op: "Mul", inputs: ["a", "c"], outputs: ["y"] },
    ],
  },
  "Split, sizes as attribute": {
    opset: 11,
    inputs: { x: [2, 6] },
    nodes: [
      { op: "Split", inputs: ["x"], outputs: ["a", "b"], attributes: { axis: int(1), split: ints([3, 3]) } },
      { op: "Mul", inputs: ["a", "b"], outputs: ["y"] },
    ],
  },
  "Split in equal parts": {
    inputs: { x: [2, 6] },
    nodes: [
      { op: "Split", inputs: ["x"], outputs: ["a", "b"], attributes: { axis: int(1) } },
      { op: "Mul", inputs: ["a", "b"], outputs: ["y"] },
    ],
  },
  "Slice, two axes": slice([4, 5, 6], [1, -3], [3, END], [0, 2]),
  "Slice, all axes": slice([4, 5], [1, 2], [4, 5]),
  "Slice, steps": slice([4, 9], [0, 1], [4, 9], [0, 1], [2, 3]),
  "Slice, backwards": slice([5, 4], [-1], [-END], [0], [-1]),
  "Slice, backwards with steps": slice([2, 9], [7], [0], [1], [-3]),
  "Slice before operator set 10": moved([4, 5], "Slice", {
    opset: 9,
    attributes: { starts: ints([1]), ends: ints([3]), axes: ints([1]) },
  }),
  "Pad, asymmetric": pad([1, 2, 3, 4], [0, 0, 0, 1, 0, 1, 1, 2]),
  "Pad, cutting": pad([1, 2, 5, 4], [0, 0, -1, 1, 0, 0, -2, -1]),
  "Pad before operator set 11": moved([2, 3], "Pad", { opset: 10, attributes: { pads: ints([0, 1, 1, 2]) } }),
  "Pad, reflect": pad([1, 2, 4, 4], [0, 0, 2, 1, 0, 0, 1, 3], "reflect"),
  "Pad, edge": pad([1, 2, 3, 4], [0, 0, 2, 1, 0, 1, 1, 3], "edge"),
  "DepthToSpace, DCR": moved([1, 8, 2, 3], "DepthToSpace", { attributes: { blocksize: int(2) } }),
  "DepthToSpace, CRD": moved([1, 8, 2, 3], "DepthToSpace", {
    attributes: { blocksize: int(2), mode: text("CRD") },
  }),
  SpaceToDepth: moved([1, 2, 4, 6], "SpaceToDepth", { attributes: { blocksize: int(2) }, cpuOnly: true }),
  "Gather one": gather([3, 4], { ...shape(2), dims: [] }, 0),
  "Gather a row of neighbours": gather([3, 5], shape(1, 2, 3), 1),
  "Gather with repeats": gather([3, 5], shape(4, 0, 4, -2), 1),
  "Gather with repeats along the first axis": gather([5, 2, 3], shape(4, 0, 4), 0),
  CumSum: moved([3, 4], "CumSum", { constants: { axis: shape(1) } }),
  "CumSum, exclusive": moved([3, 4], "CumSum", {
    constants: { axis: shape(0) },
    attributes: { exclusive: int(1) },
  }),
};
