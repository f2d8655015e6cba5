import { getInt } from "../attributes.ts";
import type { InferRule, InferTable } from "./rule.ts";
import { broadcast, forEach, input, withAxes } from "./rule.ts";
import { conv } from "./window.ts";

const same: InferRule = (context) => [input(context, 0)];

/** Fused operators of ONNX Runtime that its transformer tools and Olive put into diffusion models. */
export const fused: InferTable = {
  ...forEach(
    // prettier-ignore
    [
      "com.microsoft.Gelu", "com.microsoft.FastGelu", "com.microsoft.BiasGelu", "com.microsoft.QuickGelu",
      "com.microsoft.BiasAdd", "com.microsoft.GroupNorm",
    ],
    same,
  ),
  "com.microsoft.SkipGroupNorm": (context) => [input(context, 0), input(context, 0)],
  "com.microsoft.SkipLayerNormalization": (context) => {
    const type = input(context, 0);
    const statistics = { dtype: "float32" as const, dims: withAxes(type.dims, [[type.dims.length - 1, 1]]) };
    return [type, statistics, statistics, type];
  },
  "com.microsoft.BiasSplitGelu": (context) => {
    const { dtype, dims } = input(context, 0);
    return [{ dtype, dims: [...dims.slice(0, -1), dims.at(-1)! / 2] }];
  },
  "com.microsoft.MultiHeadAttention": (context) => {
    const { dtype, dims } = input(context, 0);
    const [, , value] = context.inputs;
    const [batch, length] = dims as [number, number];
    if (!value) {
      const width = dims.length === 5 ? dims[2]! * dims[4]! : dims[2]!;
      return [{ dtype, dims: [batch, length, width] }];
    }
    const width = value.dims.length === 4 ? value.dims[1]! * value.dims[3]! : value.dims[2]!;
    return [{ dtype, dims: [batch, length, width] }];
  },
  "com.microsoft.FusedMatMul": (context) => {
    const { dtype, dims: a } = input(context, 0);
    const { dims: b } = input(context, 1);
    const rows = getInt(context.node, "transA") ? a.at(-1)! : a.at(-2)!;
    const columns = getInt(context.node, "transB") ? b.at(-2)! : b.at(-1)!;
    return [{ dtype, dims: [...broadcast(context.node, [a.slice(0, -2), b.slice(0, -2)]), rows, columns] }];
  },
  "com.microsoft.MatMulNBits": (context) => {
    const { dtype, dims } = input(context, 0);
    return [{ dtype, dims: [...dims.slice(0, -1), getInt(context.node, "N")!] }];
  },
  "com.microsoft.FusedConv": conv,
};
