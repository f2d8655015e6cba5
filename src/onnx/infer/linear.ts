import { UserError } from "../../core/errors.ts";
import { getInt, getText, title } from "../attributes.ts";
import type { GraphNode } from "../model.ts";
import type { InferTable } from "./rule.ts";
import { broadcast, input } from "./rule.ts";

/** Letters of an Einsum equation. Ellipsis and implicit output are spelt out by no exporter of diffusion models. */
export function einsumTerms(node: GraphNode): { inputs: string[]; output: string } {
  const equation = (getText(node, "equation") ?? "").replaceAll(" ", "");
  const [left, output] = equation.split("->");
  if (left === undefined || output === undefined || equation.includes(".")) {
    throw new UserError(
      `${title(node)} has the equation "${equation}"; only explicit ones without "..." are supported`,
    );
  }
  return { inputs: left.split(","), output };
}

/** Matrix products. */
export const linear: InferTable = {
  MatMul: (context) => {
    const { dtype, dims: a } = input(context, 0);
    const { dims: b } = input(context, 1);
    const left = a.length === 1 ? [1, ...a] : a;
    const right = b.length === 1 ? [...b, 1] : b;
    if (left.at(-1) !== right.at(-2)) {
      throw new UserError(`${title(context.node)} cannot multiply [${a.join(", ")}] by [${b.join(", ")}]`);
    }
    const batch = broadcast(context.node, [left.slice(0, -2), right.slice(0, -2)]);
    const rows = a.length === 1 ? [] : [left.at(-2)!];
    const columns = b.length === 1 ? [] : [right.at(-1)!];
    return [{ dtype, dims: [...batch, ...rows, ...columns] }];
  },
  Gemm: (context) => {
    const { dtype, dims: a } = input(context, 0);
    const { dims: b } = input(context, 1);
    const rows = getInt(context.node, "transA") ? a[1]! : a[0]!;
    const columns = getInt(context.node, "transB") ? b[0]! : b[1]!;
    return [{ dtype, dims: [rows, columns] }];
  },
  Einsum: (context) => {
    const { inputs, output } = einsumTerms(context.node);
    const sizes = new Map(
      inputs.flatMap((term, i) =>
        [...term].map((letter, axis) => [letter, input(context, i).dims[axis]!] as const),
      ),
    );
    return [{ dtype: input(context, 0).dtype, dims: [...output].map((letter) => sizes.get(letter)!) }];
  },
};
