import type { Ops } from "../ops.ts";
import { reducedAxes } from "../infer/reduce.ts";
import type { VjpNode, VjpRule, VjpTable } from "./rule.ts";

interface Reduction {
  readonly b: Ops;
  readonly x: string;
  /** Result and cotangent with the reduced axes kept at size 1, ready to broadcast against x. */
  readonly y: string;
  readonly v: string;
  readonly axes: readonly number[];
  /** Elements that go into one result. */
  readonly count: number;
}

function reduction(pull: (reduction: Reduction) => string): VjpRule {
  return ({ b, v, node, inputs, outputs }: VjpNode) => {
    const x = inputs[0]!;
    const dims = b.dims(x);
    const axes = reducedAxes(node, dims.length, b.values(inputs[1] ?? ""));
    const kept = dims.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const count = axes.reduce((product, axis) => product * dims[axis]!, 1);
    const pullback = (): string =>
      pull({ b, x, axes, count, v: b.reshape(v, kept), y: b.reshape(outputs[0]!, kept) });
    return [pullback, undefined];
  };
}

/** Shares the cotangent equally among the elements that attain the extremum. */
const extremum = (compare: "less" | "greater"): VjpRule =>
  reduction(({ b, x, y, v, axes }) => {
    const mask = b.cast(b.not(b[compare](x, y)), b.type(v).dtype);
    return b.mul(mask, b.div(v, b.reduceSum(mask, axes)));
  });

const mean = reduction(({ b, x, v, count }) => b.expand(b.scale(v, 1 / count), b.dims(x)));

const globalMean: VjpRule = ({ b, v, inputs }) => {
  const dims = b.dims(inputs[0]!);
  const count = dims.slice(2).reduce((product, size) => product * size, 1);
  return [() => b.expand(b.scale(v, 1 / count), dims)];
};

export const reductions: VjpTable = {
  ReduceSum: reduction(({ b, x, v }) => b.expand(v, b.dims(x))),
  ReduceMean: mean,
  ReduceSumSquare: reduction(({ b, x, v }) => b.scale(b.mul(x, v), 2)),
  /** √Σx²: x/y */
  ReduceL2: reduction(({ b, x, y, v }) => b.mul(x, b.div(v, y))),
  ReduceMax: extremum("less"),
  ReduceMin: extremum("greater"),
  GlobalAveragePool: globalMean,
};
