import { describe, expect, it } from "vitest";
import { float, int, ints, tensorAttribute } from "../attributes.ts";
import { fixShapes } from "../passes/fix-shapes.ts";
import type { OnnxTensor } from "../tensor.ts";
import { scalarOf, tensorOf, valuesOf } from "../tensor.ts";
import type { NodeSpec } from "../testing/build.ts";
import { buildModel, countOps } from "../testing/build.ts";
import { runModel } from "../testing/run-model.ts";
import { shape, weights } from "../testing/vjp-cases/case.ts";
import type { DType } from "../dtype.ts";

interface FoldCase {
  readonly op: string;
  readonly constants?: Readonly<Record<string, OnnxTensor>>;
  /** The constants in their order unless given; "" leaves one out. */
  readonly inputs?: readonly string[];
  readonly attributes?: NodeSpec["attributes"];
  readonly dtype?: DType;
  readonly opset?: number;
  readonly outputs?: readonly string[];
}

const long = (...values: number[]): OnnxTensor => shape(...values);
const matrix = tensorOf("int64", [2, 3], [1, -2, 3, 4, 5, -6]);
const flags = tensorOf("bool", [3], [1, 0, 1]);
const one = (value: number): OnnxTensor => scalarOf("int64", value);

const binary = (op: string, a: OnnxTensor, b: OnnxTensor, dtype: DType): FoldCase => ({
  op,
  constants: { a, b },
  dtype,
});
const unary = (op: string, a: OnnxTensor, dtype: DType = "float32"): FoldCase => ({
  op,
  constants: { a },
  dtype,
});

const CASES: Readonly<Record<string, FoldCase>> = {
  "Add, broadcast": binary("Add", matrix, long(10, 20, 30), "int64"),
  Sub: binary("Sub", matrix, long(10, 20, 30), "int64"),
  Mul: binary("Mul", matrix, tensorOf("int64", [2, 1], [2, -1]), "int64"),
  "Div of integers truncates": binary("Div", long(7, -7, 8), long(2, 2, 4), "int64"),
  Mod: binary("Mod", long(7, -7, 7, -7), long(4, 4, -4, -4), "int64"),
  "Mod as C has it": {
    ...binary("Mod", long(7, -7, 7, -7), long(4, 4, -4, -4), "int64"),
    attributes: { fmod: int(1) },
  },
  "Div of floats": binary("Div", weights([4]), weights([1]), "float32"),
  Pow: binary("Pow", tensorOf("float32", [3], [2, 3, 0.5]), scalarOf("float32", 1.5), "float32"),
  Max: binary("Max", long(1, 5, 3), long(4, 2, 3), "int64"),
  Min: binary("Min", long(1, 5, 3), long(4, 2, 3), "int64"),
  Equal: binary("Equal", long(1, 2, 3), long(1, 5, 3), "bool"),
  Less: binary("Less", long(1, 2, 3), long(2), "bool"),
  LessOrEqual: binary("LessOrEqual", long(1, 2, 3), long(2), "bool"),
  Greater: binary("Greater", weights([5]), scalarOf("float32", 0), "bool"),
  GreaterOrEqual: binary("GreaterOrEqual", long(1, 2, 3), long(2), "bool"),
  And: binary("And", flags, tensorOf("bool", [3], [1, 1, 0]), "bool"),
  Or: binary("Or", flags, tensorOf("bool", [3], [0, 0, 1]), "bool"),
  Not: unary("Not", flags, "bool"),
  Neg: unary("Neg", matrix, "int64"),
  Abs: unary("Abs", matrix, "int64"),
  Sqrt: unary("Sqrt", tensorOf("float32", [2], [2, 40])),
  Exp: unary("Exp", weights([5])),
  Log: unary("Log", tensorOf("float32", [2], [2, 10000])),
  Sin: unary("Sin", weights([5], 3)),
  Cos: unary("Cos", weights([5], 3)),
  Reciprocal: unary("Reciprocal", weights([5])),
  Floor: unary("Floor", weights([5], 9)),
  Ceil: unary("Ceil", weights([5], 9)),
  "Cast to integers truncates": {
    op: "Cast",
    constants: { a: weights([6], 9) },
    attributes: { to: int(7) },
    dtype: "int64",
  },
  "Cast to half rounds": {
    op: "Cast",
    constants: { a: weights([9], 9) },
    attributes: { to: int(10) },
    dtype: "float16",
  },
  "Cast to bool": { op: "Cast", constants: { a: long(0, 2, -1) }, attributes: { to: int(9) }, dtype: "bool" },
  Where: { op: "Where", constants: { a: flags, b: matrix, c: one(0) }, dtype: "int64" },
  "ReduceProd over all": {
    op: "ReduceProd",
    constants: { a: matrix },
    attributes: { keepdims: int(0) },
    dtype: "int64",
  },
  "ReduceSum, axes as input": { op: "ReduceSum", constants: { a: matrix, axes: long(1) }, dtype: "int64" },
  "ReduceMax, axes as attribute": {
    op: "ReduceMax",
    constants: { a: matrix },
    attributes: { axes: ints([0]) },
    dtype: "int64",
  },
  "ReduceMin, last axis": {
    op: "ReduceMin",
    constants: { a: matrix },
    attributes: { axes: ints([-1]), keepdims: int(0) },
    dtype: "int64",
  },
  Identity: unary("Identity", matrix, "int64"),
  Reshape: { op: "Reshape", constants: { a: matrix, s: long(-1, 2) }, dtype: "int64" },
  Flatten: { op: "Flatten", constants: { a: matrix }, attributes: { axis: int(0) }, dtype: "int64" },
  Squeeze: {
    op: "Squeeze",
    constants: { a: tensorOf("int64", [1, 2], [1, 2]), axes: long(0) },
    dtype: "int64",
  },
  Unsqueeze: { op: "Unsqueeze", constants: { a: one(3), axes: long(0) }, dtype: "int64" },
  Expand: { op: "Expand", constants: { a: long(1, 2), s: long(3, 1) }, dtype: "int64" },
  Transpose: { op: "Transpose", constants: { a: weights([2, 3, 4]) }, attributes: { perm: ints([2, 0, 1]) } },
  "Concat, inner axis": {
    op: "Concat",
    constants: { a: matrix, b: tensorOf("int64", [2, 1], [8, 9]) },
    attributes: { axis: int(1) },
    dtype: "int64",
  },
  "Slice to the end": {
    op: "Slice",
    constants: { a: long(1, 2, 3, 4), s: long(-3), e: long(2 ** 53) },
    dtype: "int64",
  },
  "Slice backwards in steps": {
    op: "Slice",
    constants: { a: matrix, s: long(2, 1), e: long(-100, 0), axes: long(1, 0), steps: long(-2, -1) },
    dtype: "int64",
  },
  Split: {
    op: "Split",
    constants: { a: matrix, s: long(1, 2) },
    attributes: { axis: int(1) },
    outputs: ["y", "z"],
    dtype: "int64",
  },
  "Gather one, from the end": {
    op: "Gather",
    constants: { a: matrix, i: one(-1) },
    attributes: { axis: int(1) },
    dtype: "int64",
  },
  "Gather a table": {
    op: "Gather",
    constants: { a: matrix, i: tensorOf("int64", [2, 2], [1, 0, 0, 1]) },
    dtype: "int64",
  },
  ConstantOfShape: {
    op: "ConstantOfShape",
    constants: { s: long(2, 2) },
    attributes: { value: tensorAttribute(long(7)) },
    dtype: "int64",
  },
  "ConstantOfShape, zeros": { op: "ConstantOfShape", constants: { s: long(3) } },
  Range: { op: "Range", constants: { start: one(5), limit: one(-2), delta: one(-3) }, dtype: "int64" },
  "Range of floats": {
    op: "Range",
    constants: {
      start: scalarOf("float32", 0),
      limit: scalarOf("float32", 1),
      delta: scalarOf("float32", 0.3),
    },
  },
  Shape: { op: "Shape", constants: { a: weights([2, 3, 4]) }, dtype: "int64" },
  "Shape, a part": {
    op: "Shape",
    constants: { a: weights([2, 3, 4]) },
    attributes: { start: int(-2), end: int(-1) },
    dtype: "int64",
  },
  Size: { op: "Size", constants: { a: weights([2, 3, 4]) }, dtype: "int64" },
  "Constant, float": { op: "Constant", attributes: { value_float: float(0.1) } },
  "Constant, ints": { op: "Constant", attributes: { value_ints: ints([1, 2]) }, dtype: "int64" },
};

describe("constants are computed as ONNX Runtime computes them", () => {
  for (const [
    name,
    { op, constants = {}, inputs, attributes = {}, dtype = "float32", opset = 17, outputs = ["y"] },
  ] of Object.entries(CASES)) {
    it(name, async () => {
      const node = { op, inputs: inputs ?? Object.keys(constants), outputs, attributes };
      const spec = { opset, inputs: {}, constants };
      const types = Object.fromEntries(outputs.map((output) => [output, dtype]));
      const computed = await runModel(buildModel({ ...spec, nodes: [node], outputs: types }), {});
      const ends = outputs.map((output) => ({
        op: "Identity",
        inputs: [output],
        outputs: [`${output}_end`],
      }));
      const folded = fixShapes(
        buildModel({
          ...spec,
          nodes: [node, ...ends],
          outputs: Object.fromEntries(outputs.map((output) => [`${output}_end`, dtype])),
        }),
      );
      expect(countOps(folded)).toEqual({ Identity: outputs.length });
      for (const output of outputs) {
        const constant = folded.graph.initializers.get(output)!;
        expect(constant.dtype).toBe(dtype);
        expect(constant.dims).toEqual(computed[output]!.dims);
        const exact = [...computed[output]!.data];
        valuesOf(constant)!.forEach((value, i) => expect(value).toBeCloseTo(exact[i]!, 5));
      }
    });
  }

  it("never for large tensors, which are weights", () => {
    const model = buildModel({
      inputs: { x: [1] },
      constants: { big: weights([300, 300]) },
      nodes: [
        { op: "Transpose", inputs: ["big"], outputs: ["turned"] },
        { op: "Mul", inputs: ["x", "turned"], outputs: ["y"] },
      ],
      outputs: { y: "float32" },
    });
    expect(countOps(fixShapes(model))).toEqual({ Transpose: 1, Mul: 1 });
  });
});
