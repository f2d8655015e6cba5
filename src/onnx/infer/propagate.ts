import { foldRule } from "../fold/index.ts";
import type { Constant } from "../fold/rule.ts";
import type { Dim, Graph, GraphNode, Model, ValueType } from "../model.ts";
import type { OnnxTensor } from "../tensor.ts";
import { sizeOf, tensorOf, valuesOf } from "../tensor.ts";
import { inferRule } from "./index.ts";
import type { TensorType } from "./rule.ts";
import { constantOf } from "./sources.ts";

/** Larger constants are weights; computing with them is the runtime's work. */
const FOLD_LIMIT = 1 << 16;

export interface Knowledge {
  /** Type of every value that could be determined. */
  readonly types: Map<string, TensorType>;
  /** Values that are the same in every run, found beyond the initializers. */
  readonly folded: Map<string, OnnxTensor>;
}

export function isKnown(dims: readonly Dim[] | undefined): dims is readonly number[] {
  return dims !== undefined && dims.every((dim) => typeof dim === "number");
}

/**
 * Walks a graph whose input sizes are all known and works out the type of every value, computing shape arithmetic
 * (Shape → Gather → Concat → Reshape chains, as exporters leave them) on the way: later shapes depend on it.
 */
export function propagate({ graph, opsets }: Model): Knowledge {
  const types = new Map<string, TensorType>();
  const folded = new Map<string, OnnxTensor>();
  const cache = new Map<string, Constant | undefined>();

  const learn = (name: string, type: ValueType): void => {
    if (isKnown(type.dims)) types.set(name, { dtype: type.dtype, dims: type.dims });
  };
  const constant = (name: string): Constant | undefined => {
    if (!cache.has(name)) cache.set(name, smallConstant(folded.get(name) ?? graph.initializers.get(name)));
    return cache.get(name);
  };

  for (const [name, tensor] of graph.initializers) types.set(name, tensor);
  for (const input of graph.inputs) learn(input.name, input);
  for (const node of graph.nodes) {
    const opset = opsets.get(node.domain) ?? 1;
    const context = { node, opset, constant: (i: number) => constant(node.inputs[i] ?? "")?.values };
    const outputs = inferOutputs(node, { ...context, types });
    node.outputs.forEach((name, i) => learn(name, outputs?.[i] ?? declared(graph, name)));
    for (const [name, tensor] of foldOutputs(node, { opset, types, constant })) folded.set(name, tensor);
  }
  return { types, folded };
}

interface Step {
  readonly opset: number;
  readonly types: ReadonlyMap<string, TensorType>;
}

function inferOutputs(
  node: GraphNode,
  { opset, types, constant }: Step & { constant: (index: number) => readonly number[] | undefined },
): readonly (TensorType | undefined)[] | undefined {
  const complete = node.inputs.every((name) => name === "" || types.has(name));
  if (!complete) return undefined;
  return inferRule(node)?.({ node, opset, constant, inputs: node.inputs.map((name) => types.get(name)) });
}

/** What the exporter says, for operators we have no rule for. */
function declared(graph: Graph, name: string): ValueType {
  return (
    graph.values.get(name) ?? graph.outputs.find((output) => output.name === name) ?? { dtype: "float32" }
  );
}

function foldOutputs(
  node: GraphNode,
  { opset, types, constant }: Step & { constant: (name: string) => Constant | undefined },
): [string, OnnxTensor][] {
  if (node.domain !== "") return [];
  if (node.op === "Constant") {
    const tensor = constantOf(node);
    return tensor ? [[node.outputs[0]!, tensor]] : [];
  }
  const outputs = node.outputs.map((name) => types.get(name));
  if (!outputs.every((type) => type && sizeOf(type.dims) <= FOLD_LIMIT)) return [];
  const known = outputs as TensorType[];
  const dims = types.get(node.inputs[0] ?? "")?.dims;
  const result = (i: number, values: readonly number[]): [string, OnnxTensor] => [
    node.outputs[i]!,
    tensorOf(known[i]!.dtype, known[i]!.dims, values),
  ];
  // These two need only the type of what they are given.
  if (node.op === "Size" && dims) return [result(0, [sizeOf(dims)])];
  if (node.op === "Shape" && dims) return [result(0, shapeSlice(node, dims, known[0]!.dims[0]!))];

  const rule = foldRule(node);
  const inputs = node.inputs.map(constant);
  if (!rule || node.inputs.some((name, i) => name !== "" && !inputs[i])) return [];
  const lists = rule({ node, opset, inputs, outputs: known, constant: (i) => inputs[i]?.values });
  return lists.map((values, i) => result(i, values));
}

function shapeSlice(node: GraphNode, dims: readonly number[], count: number): readonly number[] {
  const start = node.attributes.get("start");
  const from = start?.kind === "int" ? start.value : 0;
  const first = Math.max(0, from < 0 ? from + dims.length : from);
  return dims.slice(first, first + count);
}

function smallConstant(tensor: OnnxTensor | undefined): Constant | undefined {
  if (!tensor || sizeOf(tensor.dims) > FOLD_LIMIT) return undefined;
  const values = valuesOf(tensor);
  return values && { dtype: tensor.dtype, dims: tensor.dims, values };
}
