import { int, ints, text } from "../../attributes.ts";
import { tensorOf } from "../../tensor.ts";
import type { NodeSpec } from "../build.ts";
import type { VjpCase, VjpCases } from "./case.ts";
import { one, shape } from "./case.ts";

type Attributes = Readonly<NonNullable<NodeSpec["attributes"]>>;

/** Resize by scales over [1, 2, 3, 4]. */
function resize(scales: readonly number[], modes: Readonly<Record<string, string>>, opset = 17): VjpCase {
  const attributes = Object.fromEntries(Object.entries(modes).map(([name, mode]) => [name, text(mode)]));
  return {
    opset,
    inputs: { x: [1, 2, 3, 4] },
    nodes: one("Resize", opset < 11 ? ["scales"] : ["", "scales"], attributes),
    constants: { scales: tensorOf("float32", [4], scales) },
  };
}

const pool = (
  op: string,
  x: readonly number[],
  attributes: Attributes,
  rest: Partial<VjpCase> = {},
): VjpCase => ({
  inputs: { x },
  nodes: one(op, [], attributes),
  ...rest,
});

const square = (size: number) => ints([size, size]);

function reduce(
  op: string,
  axes: readonly number[],
  rest: Partial<VjpCase> & { keep?: number } = {},
): VjpCase {
  const { keep = 1, ...others } = rest;
  const axesAreInput = (rest.opset ?? 17) >= (op === "ReduceSum" ? 13 : 18);
  return {
    inputs: { x: [2, 3, 4] },
    nodes: axesAreInput
      ? one(op, ["axes"], { keepdims: int(keep) })
      : one(op, [], { axes: ints(axes), keepdims: int(keep) }),
    ...(axesAreInput && { constants: { axes: shape(...axes) } }),
    ...others,
  };
}

export const resolutionCases: VjpCases = {
  "Resize nearest ×2, as torch exports it": resize([1, 1, 2, 2], {
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  }),
  "Resize nearest ×3 by 2, half pixels": resize([1, 1, 3, 2], {}),
  "Resize nearest ×1.5": resize([1, 1, 2, 1.5], {
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  }),
  "Resize nearest, smaller": resize([1, 1, 1, 0.5], {}),
  "Resize nearest ×2, operator set 10": resize([1, 1, 2, 2], {}, 10),
  "Upsample ×2": {
    opset: 9,
    inputs: { x: [1, 2, 3, 4] },
    nodes: one("Upsample", ["scales"]),
    constants: { scales: tensorOf("float32", [4], [1, 1, 2, 2]) },
    cpuOnly: true,
  },
  "Resize linear ×2": resize([1, 1, 2, 2], { mode: "linear" }),
  "Resize linear, corners aligned": resize([1, 1, 2, 2], {
    mode: "linear",
    coordinate_transformation_mode: "align_corners",
  }),
  "Resize linear, smaller": resize([1, 1, 1, 0.5], {
    mode: "linear",
    coordinate_transformation_mode: "asymmetric",
  }),
  "Resize to sizes": {
    inputs: { x: [1, 2, 3, 4] },
    nodes: one("Resize", ["", "", "sizes"], {
      coordinate_transformation_mode: text("asymmetric"),
      nearest_mode: text("floor"),
    }),
    constants: { sizes: shape(1, 2, 6, 12) },
  },
  "AveragePool, tiles": pool("AveragePool", [1, 2, 4, 6], { kernel_shape: square(2), strides: square(2) }),
  "AveragePool, overlapping": pool("AveragePool", [1, 2, 5, 5], { kernel_shape: square(3) }),
  "AveragePool, padding counted": pool("AveragePool", [1, 2, 5, 5], {
    kernel_shape: square(3),
    strides: square(2),
    pads: ints([1, 1, 1, 1]),
    count_include_pad: int(1),
  }),
  "AveragePool, padding not counted": pool("AveragePool", [1, 2, 5, 5], {
    kernel_shape: square(3),
    strides: square(2),
    pads: ints([1, 1, 1, 1]),
  }),
  "AveragePool, a rest left out": pool("AveragePool", [1, 2, 5, 5], {
    kernel_shape: square(2),
    strides: square(2),
  }),
  "AveragePool, a rest taken in": pool("AveragePool", [1, 2, 5, 5], {
    kernel_shape: square(2),
    strides: square(2),
    ceil_mode: int(1),
  }),
  GlobalAveragePool: pool("GlobalAveragePool", [2, 3, 4, 4], {}),
  "MaxPool, tiles": pool(
    "MaxPool",
    [1, 2, 4, 6],
    { kernel_shape: square(2), strides: square(2) },
    { draw: "distinct" },
  ),
  "ReduceSum, axes kept": reduce("ReduceSum", [1]),
  "ReduceSum, axes dropped": reduce("ReduceSum", [0, -1], { keep: 0 }),
  "ReduceSum before operator set 13": reduce("ReduceSum", [1], { opset: 11, keep: 0 }),
  ReduceMean: reduce("ReduceMean", [-1]),
  "ReduceMean, operator set 18": reduce("ReduceMean", [1, 2], { opset: 18, keep: 0 }),
  "ReduceMean over all": { inputs: { x: [2, 3] }, nodes: one("ReduceMean", [], { keepdims: int(0) }) },
  ReduceSumSquare: reduce("ReduceSumSquare", [1]),
  ReduceL2: reduce("ReduceL2", [1]),
  ReduceMax: reduce("ReduceMax", [1], { draw: "distinct" }),
  ReduceMin: reduce("ReduceMin", [0, 2], { draw: "distinct", keep: 0 }),
};
