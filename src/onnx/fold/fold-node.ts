import { getInt } from "../attributes.ts";
import type { TensorType } from "../infer/rule.ts";
import { constantOf } from "../infer/sources.ts";
import type { GraphNode } from "../model.ts";
import type { OnnxTensor } from "../tensor.ts";
import { sizeOf, tensorOf } from "../tensor.ts";
import { foldRule } from "./index.ts";
import type { Constant } from "./rule.ts";

/** Larger constants are weights; computing with them is the runtime's work. */
export const FOLD_LIMIT = 1 << 16;

export interface FoldState {
  readonly opset: number;
  readonly types: ReadonlyMap<string, TensorType>;
  /** Whether a value is the same in every run. */
  isConstant(name: string): boolean;
  /** Its contents, when it is small. */
  constant(name: string): Constant | undefined;
}

/** Outputs of a node that are the same in every run, computed. Nothing when they are not, or are large. */
export function foldNode(
  node: GraphNode,
  { opset, types, isConstant, constant }: FoldState,
): [string, OnnxTensor][] {
  if (node.domain !== "") return [];
  if (node.op === "Constant") {
    const tensor = constantOf(node);
    return tensor ? [[node.outputs[0]!, tensor]] : [];
  }
  const outputs = node.outputs.map((name) => types.get(name));
  if (!outputs.every((type) => type && sizeOf(type.dims) <= FOLD_LIMIT)) return [];
  const known = outputs as TensorType[];
  const result = (i: number, values: readonly number[]): [string, OnnxTensor] => [
    node.outputs[i]!,
    tensorOf(known[i]!.dtype, known[i]!.dims, values),
  ];
  // These two need only the type of what they are given.
  const dims = types.get(node.inputs[0] ?? "")?.dims;
  if (node.op === "Size" && dims) return [result(0, [sizeOf(dims)])];
  if (node.op === "Shape" && dims) return [result(0, shapePart(node, dims, known[0]!.dims[0]!))];

  const rule = foldRule(node);
  if (!rule || !node.inputs.every((name) => name === "" || isConstant(name))) return [];
  const inputs = node.inputs.map(constant);
  if (node.inputs.some((name, i) => name !== "" && !inputs[i])) return [];
  const lists = rule({ node, opset, inputs, outputs: known, constant: (i) => inputs[i]?.values });
  return lists.map((values, i) => result(i, values));
}

/** Since operator set 15 Shape can give a part of a shape. */
function shapePart(node: GraphNode, dims: readonly number[], count: number): readonly number[] {
  const start = getInt(node, "start") ?? 0;
  const first = Math.max(0, start < 0 ? start + dims.length : start);
  return dims.slice(first, first + count);
}
