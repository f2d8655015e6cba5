import { axisOf, getInt, getInts } from "../attributes.ts";
import type { GraphNode } from "../model.ts";
import type { InferContext, InferRule, InferTable } from "./rule.ts";
import { forEach, input, withAxes, withoutAxes } from "./rule.ts";

/** Axes a node reduces over: an attribute in older operator sets, an input in newer; all when not given. */
export function reducedAxes(
  node: GraphNode,
  rank: number,
  fromInput: readonly number[] | undefined,
): readonly number[] {
  const given = getInts(node, "axes") ?? fromInput ?? [];
  if (given.length > 0) return given.map((axis) => axisOf(axis, rank));
  return getInt(node, "noop_with_empty_axes") ? [] : Array.from({ length: rank }, (_, axis) => axis);
}

function reduceDims(context: InferContext, dims: readonly number[], axes: readonly number[]): number[] {
  const keep = (getInt(context.node, "keepdims") ?? 1) === 1;
  return keep
    ? withAxes(
        dims,
        axes.map((axis) => [axis, 1] as const),
      )
    : withoutAxes(dims, axes);
}

const reduce: InferRule = (context) => {
  const { dtype, dims } = input(context, 0);
  const axes = context.constant(1);
  if (context.inputs[1] && !axes) return undefined;
  return [{ dtype, dims: reduceDims(context, dims, reducedAxes(context.node, dims.length, axes)) }];
};

const argument: InferRule = (context) => {
  const { dims } = input(context, 0);
  const axis = axisOf(getInt(context.node, "axis") ?? 0, dims.length);
  return [{ dtype: "int64", dims: reduceDims(context, dims, [axis]) }];
};

export const reductions: InferTable = {
  ...forEach(
    [
      "ReduceSum",
      "ReduceMean",
      "ReduceMax",
      "ReduceMin",
      "ReduceProd",
      "ReduceL1",
      "ReduceL2",
      "ReduceSumSquare",
      "ReduceLogSum",
      "ReduceLogSumExp",
    ],
    reduce,
  ),
  ...forEach(["ArgMax", "ArgMin"], argument),
};
