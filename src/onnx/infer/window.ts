import { UserError } from "../../core/errors.ts";
import { getInt, getInts, getText, title } from "../attributes.ts";
import type { GraphNode } from "../model.ts";
import type { InferContext, InferRule, InferTable } from "./rule.ts";
import { forEach, input } from "./rule.ts";

/** How a convolution or pooling slides over its spatial axes, with every default spelt out. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Begins, then ends, as ONNX orders them. */
  readonly pads: readonly number[];
}

/** Window of a Conv or pooling node over spatial sizes `spatial`; `auto_pad` is resolved. */
export function windowOf(node: GraphNode, spatial: readonly number[], kernel: readonly number[]): Window {
  const ones = spatial.map(() => 1);
  const strides = getInts(node, "strides") ?? ones;
  const dilations = getInts(node, "dilations") ?? ones;
  const auto = getText(node, "auto_pad") ?? "NOTSET";
  if (auto === "NOTSET") {
    return {
      kernel,
      strides,
      dilations,
      pads: getInts(node, "pads") ?? [...spatial, ...spatial].map(() => 0),
    };
  }
  const totals = spatial.map((size, i) => {
    if (auto === "VALID") return 0;
    const steps = Math.ceil(size / strides[i]!);
    return Math.max(0, (steps - 1) * strides[i]! + extent(kernel[i]!, dilations[i]!) - size);
  });
  const small = totals.map((total) => Math.floor(total / 2));
  const large = totals.map((total) => Math.ceil(total / 2));
  return {
    kernel,
    strides,
    dilations,
    pads: auto === "SAME_LOWER" ? [...large, ...small] : [...small, ...large],
  };
}

/** How far a dilated kernel reaches. */
export function extent(kernel: number, dilation: number): number {
  return (kernel - 1) * dilation + 1;
}

/** Spatial sizes that come out of sliding a window. */
export function slide(spatial: readonly number[], window: Window, ceil = false): number[] {
  const { kernel, strides, dilations, pads } = window;
  const rank = spatial.length;
  return spatial.map((size, i) => {
    const room = size + pads[i]! + pads[i + rank]! - extent(kernel[i]!, dilations[i]!);
    if (!ceil) return Math.floor(room / strides[i]!) + 1;
    const steps = Math.ceil(room / strides[i]!) + 1;
    // A last window that would start in the padding behind the data is not taken.
    return (steps - 1) * strides[i]! >= size + pads[i]! ? steps - 1 : steps;
  });
}

function channelsMustBe(context: InferContext, actual: number, expected: number): void {
  if (actual === expected) return;
  throw new UserError(`${title(context.node)} expects ${expected} channels and gets ${actual}`);
}

export const conv: InferRule = (context) => {
  const { dtype, dims } = input(context, 0);
  const weights = input(context, 1).dims;
  channelsMustBe(context, dims[1]!, weights[1]! * (getInt(context.node, "group") ?? 1));
  const spatial = dims.slice(2);
  const window = windowOf(context.node, spatial, weights.slice(2));
  return [{ dtype, dims: [dims[0]!, weights[0]!, ...slide(spatial, window)] }];
};

/** Weights are [out, kH, kW, in]; kernel_shape decides where a file has them as Conv does. */
const nhwcConv: InferRule = (context) => {
  const { dtype, dims } = input(context, 0);
  const weights = input(context, 1).dims;
  const spatial = dims.slice(1, -1);
  const kernel = getInts(context.node, "kernel_shape") ?? weights.slice(1, -1);
  return [
    { dtype, dims: [dims[0]!, ...slide(spatial, windowOf(context.node, spatial, kernel)), weights[0]!] },
  ];
};

const convTranspose: InferRule = (context) => {
  const { node } = context;
  const { dtype, dims } = input(context, 0);
  const weights = input(context, 1).dims;
  channelsMustBe(context, dims[1]!, weights[0]!);
  const spatial = dims.slice(2);
  const channels = weights[1]! * (getInt(node, "group") ?? 1);
  const declared = getInts(node, "output_shape");
  if (declared) return [{ dtype, dims: [dims[0]!, channels, ...declared.slice(-spatial.length)] }];
  const auto = getText(node, "auto_pad") ?? "NOTSET";
  const { strides, dilations, pads } = windowOf(node, spatial, weights.slice(2));
  const extra = getInts(node, "output_padding") ?? spatial.map(() => 0);
  const out = spatial.map((size, i) => {
    if (auto.startsWith("SAME")) return size * strides[i]!;
    const full = (size - 1) * strides[i]! + extent(weights[i + 2]!, dilations[i]!) + extra[i]!;
    return full - pads[i]! - pads[i + spatial.length]!;
  });
  return [{ dtype, dims: [dims[0]!, channels, ...out] }];
};

const pool: InferRule = (context) => {
  const { node } = context;
  const { dtype, dims } = input(context, 0);
  const spatial = dims.slice(2);
  const window = windowOf(node, spatial, getInts(node, "kernel_shape") ?? []);
  const out = [dims[0]!, dims[1]!, ...slide(spatial, window, getInt(node, "ceil_mode") === 1)];
  return [
    { dtype, dims: out },
    { dtype: "int64", dims: out },
  ];
};

const globalPool: InferRule = (context) => {
  const { dtype, dims } = input(context, 0);
  return [{ dtype, dims: dims.map((size, axis) => (axis < 2 ? size : 1)) }];
};

/** Operators that slide a window over the spatial axes of [N, C, …]. */
export const windows: InferTable = {
  Conv: conv,
  "com.microsoft.NhwcConv": nhwcConv,
  ConvTranspose: convTranspose,
  ...forEach(["AveragePool", "MaxPool", "LpPool"], pool),
  ...forEach(["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"], globalPool),
};
