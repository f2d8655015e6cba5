import { UserError } from "../../core/errors.ts";
import { axisOf, getFloats, getInt, getInts, getText, title } from "../attributes.ts";
import type { GraphNode } from "../model.ts";
import { sizeOf } from "../tensor.ts";
import type { InferContext, InferRule, InferTable } from "./rule.ts";
import { broadcast, input, withAxes, withoutAxes } from "./rule.ts";

/** Integers that moved from an attribute to an input in newer operator sets. */
function setting(context: InferContext, attribute: string, index: number): readonly number[] | undefined {
  return getInts(context.node, attribute) ?? context.constant(index);
}

function reshaped(node: GraphNode, dims: readonly number[], target: readonly number[]): number[] {
  const copied = target.map((size, axis) => (size === 0 && !getInt(node, "allowzero") ? dims[axis]! : size));
  const known = sizeOf(copied.filter((size) => size !== -1));
  const result = copied.map((size) => (size === -1 ? sizeOf(dims) / known : size));
  if (sizeOf(result) !== sizeOf(dims) || result.some((size) => !Number.isInteger(size))) {
    throw new UserError(`${title(node)} cannot turn [${dims.join(", ")}] into [${target.join(", ")}]`);
  }
  return result;
}

/** Sizes of a Split's parts along its axis. */
export function splitSizes(
  node: GraphNode,
  size: number,
  given: readonly number[] | undefined,
): readonly number[] {
  if (given) return given;
  const parts = getInt(node, "num_outputs") ?? node.outputs.length;
  const part = Math.ceil(size / parts);
  return Array.from({ length: parts }, (_, i) => Math.min(part, size - i * part));
}

/** One axis of a Slice: where it starts, its signed step, how many elements it takes. */
export interface AxisSlice {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Resolves starts, ends, axes, steps as ONNX clamps them. */
export function resolveSlices(
  dims: readonly number[],
  [starts, ends, axes, steps]: readonly (readonly number[] | undefined)[],
): AxisSlice[] {
  return starts!.map((rawStart, i) => {
    const axis = axisOf(axes?.[i] ?? i, dims.length);
    const size = dims[axis]!;
    const step = steps?.[i] ?? 1;
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const clamp = (value: number): number => Math.max(low, Math.min(value < 0 ? value + size : value, high));
    // Backwards, an end may lie before the first element (-1), a start may not.
    const start = Math.max(0, clamp(rawStart));
    const count = Math.max(0, Math.ceil((clamp(ends![i]!) - start) / step));
    return { axis, start, step, count };
  });
}

/** The Slice of a node of any operator set; undefined when it is decided at run time. */
export function slicesOf(
  node: GraphNode,
  dims: readonly number[],
  constant: (index: number) => readonly number[] | undefined,
): AxisSlice[] | undefined {
  const starts = getInts(node, "starts") ?? constant(1);
  const ends = getInts(node, "ends") ?? constant(2);
  const axes = getInts(node, "axes") ?? constant(3);
  const steps = constant(4);
  if (!starts || !ends || (node.inputs[3] && !axes) || (node.inputs[4] && !steps)) return undefined;
  return resolveSlices(dims, [starts, ends, axes, steps]);
}

/** Pads of a Pad node per axis of its input, begins then ends. */
export function padsOf(
  node: GraphNode,
  rank: number,
  constant: (index: number) => readonly number[] | undefined,
): readonly number[] | undefined {
  const pads = getInts(node, "pads") ?? constant(1);
  const axes = constant(3);
  if (!pads || (node.inputs[3] && !axes)) return undefined;
  if (!axes) return pads;
  const full = Array.from({ length: 2 * rank }, () => 0);
  axes.forEach((axis, i) => {
    full[axisOf(axis, rank)] = pads[i]!;
    full[axisOf(axis, rank) + rank] = pads[i + axes.length]!;
  });
  return full;
}

const resize: InferRule = (context) => {
  const { node, opset } = context;
  const { dtype, dims } = input(context, 0);
  const scalesAt = node.op === "Upsample" || opset < 11 ? 1 : 2;
  const scales = getFloats(node, "scales") ?? context.constant(scalesAt);
  const sizes = context.constant(3);
  const axes = getInts(node, "axes")?.map((axis) => axisOf(axis, dims.length)) ?? dims.map((_, axis) => axis);
  if (getText(node, "keep_aspect_ratio_policy") !== undefined && sizes) {
    if (getText(node, "keep_aspect_ratio_policy") !== "stretch") return undefined;
  }
  if (sizes?.length)
    return [
      {
        dtype,
        dims: withAxes(
          dims,
          axes.map((axis, i) => [axis, sizes[i]!] as const),
        ),
      },
    ];
  if (!scales?.length) return undefined;
  const out = axes.map((axis, i) => [axis, Math.floor(dims[axis]! * scales[i]!)] as const);
  return [{ dtype, dims: withAxes(dims, out) }];
};

/** Operators that move, repeat or drop elements. */
export const layout: InferTable = {
  Reshape: (context) => {
    const { dtype, dims } = input(context, 0);
    const target = context.constant(1);
    return target && [{ dtype, dims: reshaped(context.node, dims, target) }];
  },
  Flatten: (context) => {
    const { dtype, dims } = input(context, 0);
    const axis = axisOf(getInt(context.node, "axis") ?? 1, dims.length);
    return [{ dtype, dims: [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))] }];
  },
  Squeeze: (context) => {
    const { dtype, dims } = input(context, 0);
    const axes = setting(context, "axes", 1)?.map((axis) => axisOf(axis, dims.length));
    if (context.node.inputs[1] && !axes) return undefined;
    const ones = dims.flatMap((size, axis) => (size === 1 ? [axis] : []));
    return [{ dtype, dims: withoutAxes(dims, axes ?? ones) }];
  },
  Unsqueeze: (context) => {
    const { dtype, dims } = input(context, 0);
    const given = setting(context, "axes", 1);
    if (!given) return undefined;
    const rank = dims.length + given.length;
    const axes = given.map((axis) => axisOf(axis, rank));
    const rest = [...dims];
    return [{ dtype, dims: Array.from({ length: rank }, (_, i) => (axes.includes(i) ? 1 : rest.shift()!)) }];
  },
  Transpose: (context) => {
    const { dtype, dims } = input(context, 0);
    const perm = getInts(context.node, "perm") ?? dims.map((_, axis) => dims.length - 1 - axis);
    return [{ dtype, dims: perm.map((axis) => dims[axis]!) }];
  },
  Expand: (context) => {
    const { dtype, dims } = input(context, 0);
    const target = context.constant(1);
    return target && [{ dtype, dims: broadcast(context.node, [dims, target]) }];
  },
  Tile: (context) => {
    const { dtype, dims } = input(context, 0);
    const repeats = context.constant(1);
    return repeats && [{ dtype, dims: dims.map((size, axis) => size * repeats[axis]!) }];
  },
  Concat: (context) => {
    const { dtype, dims } = input(context, 0);
    const axis = axisOf(getInt(context.node, "axis") ?? 0, dims.length);
    const all = context.inputs.map((type) => type!.dims);
    if (all.some((each) => each.length !== dims.length || each.some((n, i) => i !== axis && n !== dims[i]))) {
      const list = all.map((each) => `[${each.join(", ")}]`).join(" and ");
      throw new UserError(`${title(context.node)} cannot join ${list}`);
    }
    const total = all.reduce((sum, each) => sum + each[axis]!, 0);
    return [{ dtype, dims: withAxes(dims, [[axis, total]]) }];
  },
  Split: (context) => {
    const { dtype, dims } = input(context, 0);
    const given = setting(context, "split", 1);
    if (context.node.inputs[1] && !given) return undefined;
    const axis = axisOf(getInt(context.node, "axis") ?? 0, dims.length);
    const sizes = splitSizes(context.node, dims[axis]!, given);
    return sizes.map((size) => ({ dtype, dims: withAxes(dims, [[axis, size]]) }));
  },
  Slice: (context) => {
    const { dtype, dims } = input(context, 0);
    const slices = slicesOf(context.node, dims, context.constant);
    return (
      slices && [
        {
          dtype,
          dims: withAxes(
            dims,
            slices.map(({ axis, count }) => [axis, count] as const),
          ),
        },
      ]
    );
  },
  Pad: (context) => {
    const { dtype, dims } = input(context, 0);
    const pads = padsOf(context.node, dims.length, context.constant);
    return (
      pads && [{ dtype, dims: dims.map((size, axis) => size + pads[axis]! + pads[axis + dims.length]!) }]
    );
  },
  DepthToSpace: (context) => {
    const { dtype, dims } = input(context, 0);
    const block = getInt(context.node, "blocksize")!;
    return [{ dtype, dims: [dims[0]!, dims[1]! / block ** 2, dims[2]! * block, dims[3]! * block] }];
  },
  SpaceToDepth: (context) => {
    const { dtype, dims } = input(context, 0);
    const block = getInt(context.node, "blocksize")!;
    return [{ dtype, dims: [dims[0]!, dims[1]! * block ** 2, dims[2]! / block, dims[3]! / block] }];
  },
  Resize: resize,
  Upsample: resize,
};
