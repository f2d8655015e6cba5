import { axisOf, getInt } from "../attributes.ts";
import type { InferTable } from "./rule.ts";
import { input } from "./rule.ts";

/** Operators that look elements up. */
export const indexing: InferTable = {
  Gather: (context) => {
    const { dtype, dims } = input(context, 0);
    const axis = axisOf(getInt(context.node, "axis") ?? 0, dims.length);
    return [{ dtype, dims: [...dims.slice(0, axis), ...input(context, 1).dims, ...dims.slice(axis + 1)] }];
  },
  GatherElements: (context) => [{ dtype: input(context, 0).dtype, dims: input(context, 1).dims }],
  GatherND: (context) => {
    const { dtype, dims } = input(context, 0);
    const { dims: indices } = input(context, 1);
    const batch = getInt(context.node, "batch_dims") ?? 0;
    return [{ dtype, dims: [...indices.slice(0, -1), ...dims.slice(batch + indices.at(-1)!)] }];
  },
};
