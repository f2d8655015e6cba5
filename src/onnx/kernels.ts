/**
 * What the providers of onnxruntime-web 1.30 do with operators that they do not run themselves, found by loading
 * graphs of one node. Everything a diffusion model uses and no table names, the provider runs.
 */
import { getInt } from "./attributes.ts";
import type { DType } from "./dtype.ts";
import { ruleName } from "./infer/index.ts";
import type { GraphNode } from "./model.ts";

export type Provider = "wasm" | "webgpu";

/** Why a provider does not run a node, "missing" when no session with it can be made or run. */
export type Obstacle =
  | { readonly kind: "missing"; readonly why: string }
  /** The WebGPU provider leaves it to the CPU and copies its values back and forth in every run. */
  | { readonly kind: "on the CPU"; readonly why: string };

const NO_KERNEL = "it has no kernel";

// prettier-ignore
const MISSING: Readonly<Record<Provider, ReadonlySet<string>>> = {
  wasm: new Set([
    "com.microsoft.GroupNorm", "com.microsoft.SkipGroupNorm", "com.microsoft.NhwcConv", "com.microsoft.BiasAdd",
    "com.microsoft.BiasSplitGelu",
  ]),
  webgpu: new Set(["com.microsoft.GroupNorm", "com.microsoft.SkipGroupNorm", "com.microsoft.NhwcConv"]),
};

// prettier-ignore
const ON_CPU = new Set([
  "GroupNormalization", "LogSoftmax", "Round", "Sign", "Selu", "Softsign", "Celu", "IsNaN", "IsInf", "Sum", "Mean",
  "Mod", "Or", "Xor", "QuantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger", "Attention", "Size",
  "ConstantOfShape", "OneHot", "NonZero", "EyeLike", "Upsample", "LpPool", "SpaceToDepth", "GridSample", "Col2Im",
  "RandomNormalLike", "MeanVarianceNormalization", "Hardmax", "BitShift",
]);

/** Operators that have kernels for floats and int32 alone. */
// prettier-ignore
const NOT_IN_INT64 = new Set([
  "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual",
  "Concat", "Slice", "Expand", "Where", "ReduceSum", "Range",
]);

/** Element types the WebGPU provider does not convert from. */
const NOT_CAST_FROM: ReadonlySet<DType> = new Set(["int64", "int8"]);

/** Whether keys and values, or queries too, come in one tensor. */
const isPacked = ({ inputs }: GraphNode): boolean => !inputs[1] || !inputs[2];

/** @param dtypeOf element types of values, undefined where they are not known */
export function obstacle(
  node: GraphNode,
  provider: Provider,
  dtypeOf: (name: string) => DType | undefined,
): Obstacle | undefined {
  const name = ruleName(node);
  if (MISSING[provider].has(name)) return { kind: "missing", why: NO_KERNEL };
  if (name === "com.microsoft.MultiHeadAttention" && provider === "wasm" && isPacked(node))
    return { kind: "missing", why: "its kernel takes queries, keys and values apart" };
  if (provider === "wasm") return undefined;
  const onCpu = (why: string): Obstacle => ({ kind: "on the CPU", why });
  if (ON_CPU.has(name)) return onCpu(NO_KERNEL);
  if (name === "Resize" && getInt(node, "antialias"))
    return { kind: "missing", why: "its kernel knows no antialiasing" };
  if (name === "MaxPool" && node.outputs[1]) return { kind: "missing", why: "its kernel gives no indices" };
  const dtypes = node.inputs.flatMap((input) => dtypeOf(input) ?? []);
  const [first] = dtypes;
  if (name === "Cast" && first && NOT_CAST_FROM.has(first)) return onCpu(`it has no kernel for ${first}`);
  // Slice and Expand take their settings in int64 whatever the data.
  const data = name === "Slice" || name === "Expand" || name === "ReduceSum" ? dtypes.slice(0, 1) : dtypes;
  if (NOT_IN_INT64.has(name) && data.includes("int64")) return onCpu("it has no kernel for int64");
  return undefined;
}
