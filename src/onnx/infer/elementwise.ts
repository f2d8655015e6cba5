import { getInt } from "../attributes.ts";
import { dtypeFromCode } from "../dtype.ts";
import type { InferContext, InferRule, InferTable } from "./rule.ts";
import { broadcast, forEach, input } from "./rule.ts";

const same: InferRule = (context) => [input(context, 0)];

const predicate: InferRule = (context) => [{ dtype: "bool", dims: input(context, 0).dims }];

function broadcastAll(context: InferContext): number[] {
  return broadcast(
    context.node,
    context.inputs.flatMap((type) => (type ? [type.dims] : [])),
  );
}

const combined: InferRule = (context) => [{ dtype: input(context, 0).dtype, dims: broadcastAll(context) }];

const comparison: InferRule = (context) => [{ dtype: "bool", dims: broadcastAll(context) }];

/** Operators whose (first) output has the shape of the inputs. */
export const elementwise: InferTable = {
  ...forEach(
    // prettier-ignore
    [
      "Abs", "Acos", "Asin", "Atan", "Ceil", "Celu", "Clip", "Cos", "CumSum", "Elu", "Erf", "Exp", "Floor", "Gelu",
      "GroupNormalization", "HardSigmoid", "HardSwish", "Hardmax", "Identity", "InstanceNormalization", "LeakyRelu",
      "Log", "LogSoftmax", "LpNormalization", "Mish", "Neg", "PRelu", "Reciprocal", "Relu", "Round", "ScatterElements",
      "ScatterND", "Selu", "Sigmoid", "Sign", "Sin", "Softmax", "Softplus", "Softsign", "Sqrt", "Swish", "Tan", "Tanh",
      "ThresholdedRelu", "Trilu", "BatchNormalization", "RMSNormalization",
    ],
    same,
  ),
  ...forEach(
    ["Add", "Sub", "Mul", "Div", "Pow", "Mod", "Max", "Min", "Sum", "Mean", "And", "Or", "Xor"],
    combined,
  ),
  ...forEach(["Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual"], comparison),
  ...forEach(["Not", "IsNaN", "IsInf"], predicate),
  Where: (context) => [{ dtype: input(context, 1).dtype, dims: broadcastAll(context) }],
  Cast: (context) => {
    const code = getInt(context.node, "to") ?? 0;
    return [{ dtype: dtypeFromCode(code, "a Cast"), dims: input(context, 0).dims }];
  },
  CastLike: (context) => [{ dtype: input(context, 1).dtype, dims: input(context, 0).dims }],
  Dropout: (context) => {
    const { dtype, dims } = input(context, 0);
    return [
      { dtype, dims },
      { dtype: "bool", dims },
    ];
  },
  LayerNormalization: (context) => {
    const { dtype, dims } = input(context, 0);
    const axis = getInt(context.node, "axis") ?? -1;
    const first = axis < 0 ? axis + dims.length : axis;
    const statistics = { dtype: "float32" as const, dims: dims.map((size, i) => (i < first ? size : 1)) };
    return [{ dtype, dims }, statistics, statistics];
  },
  DequantizeLinear: (context) => [{ dtype: input(context, 1).dtype, dims: input(context, 0).dims }],
  QuantizeLinear: (context) => {
    const zero = context.inputs[2];
    return [{ dtype: zero?.dtype ?? "uint8", dims: input(context, 0).dims }];
  },
};
