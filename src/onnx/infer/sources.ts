import { getFloat, getFloats, getInt, getInts, getTensor } from "../attributes.ts";
import type { DType } from "../dtype.ts";
import { dtypeFromCode } from "../dtype.ts";
import type { OnnxTensor } from "../tensor.ts";
import { scalarOf, tensorOf } from "../tensor.ts";
import type { InferContext, InferTable, TensorType } from "./rule.ts";
import { forEach, input } from "./rule.ts";
import type { GraphNode } from "../model.ts";

/** What a Constant node holds; undefined for strings and sparse tensors. */
export function constantOf(node: GraphNode): OnnxTensor | undefined {
  const one = (dtype: DType, value: number | undefined): OnnxTensor | undefined =>
    value === undefined ? undefined : scalarOf(dtype, value);
  const list = (dtype: DType, values: readonly number[] | undefined): OnnxTensor | undefined =>
    values && tensorOf(dtype, [values.length], values);
  return (
    getTensor(node, "value") ??
    one("float32", getFloat(node, "value_float")) ??
    one("int64", getInt(node, "value_int")) ??
    list("float32", getFloats(node, "value_floats")) ??
    list("int64", getInts(node, "value_ints"))
  );
}

function random(context: InferContext, like?: TensorType): readonly TensorType[] {
  const code = getInt(context.node, "dtype");
  const dtype = code === undefined ? (like?.dtype ?? "float32") : dtypeFromCode(code, "random numbers");
  return [{ dtype, dims: like?.dims ?? getInts(context.node, "shape") ?? [] }];
}

/** Operators that make values out of nothing or out of a shape. */
export const sources: InferTable = {
  Constant: ({ node }) => {
    const tensor = constantOf(node);
    return tensor && [{ dtype: tensor.dtype, dims: tensor.dims }];
  },
  ConstantOfShape: (context) => {
    const dims = context.constant(0);
    return dims && [{ dtype: getTensor(context.node, "value")?.dtype ?? "float32", dims }];
  },
  Shape: (context) => {
    const rank = input(context, 0).dims.length;
    const bound = (name: string, otherwise: number): number => {
      const value = getInt(context.node, name) ?? otherwise;
      return Math.max(0, Math.min(value < 0 ? value + rank : value, rank));
    };
    return [{ dtype: "int64", dims: [Math.max(0, bound("end", rank) - bound("start", 0))] }];
  },
  Size: () => [{ dtype: "int64", dims: [] }],
  Range: (context) => {
    const [start, limit, delta] = [0, 1, 2].map((i) => context.constant(i)?.[0]);
    if (start === undefined || limit === undefined || delta === undefined) return undefined;
    return [{ dtype: input(context, 0).dtype, dims: [Math.max(0, Math.ceil((limit - start) / delta))] }];
  },
  ...forEach(["RandomNormal", "RandomUniform"], (context) => random(context)),
  ...forEach(["RandomNormalLike", "RandomUniformLike"], (context) => random(context, input(context, 0))),
};
