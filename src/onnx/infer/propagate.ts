import { FOLD_LIMIT, foldNode } from "../fold/fold-node.ts";
import type { Constant } from "../fold/rule.ts";
import type { Dim, Graph, GraphNode, Model, ValueType } from "../model.ts";
import type { OnnxTensor } from "../tensor.ts";
import { sizeOf, valuesOf } from "../tensor.ts";
import { inferRule } from "./index.ts";
import type { InferContext, TensorType } from "./rule.ts";

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

  for (const [name, tensor] of graph.initializers) learn(name, tensor);
  for (const input of graph.inputs) learn(input.name, input);
  for (const node of graph.nodes) {
    const opset = opsets.get(node.domain) ?? 1;
    const values = (i: number): readonly number[] | undefined => constant(node.inputs[i] ?? "")?.values;
    const outputs = inferOutputs(node, { opset, types, constant: values });
    node.outputs.forEach((name, i) => learn(name, outputs?.[i] ?? declared(graph, name)));
    const isConstant = (name: string): boolean => folded.has(name) || graph.initializers.has(name);
    for (const [name, tensor] of foldNode(node, { opset, types, isConstant, constant }))
      folded.set(name, tensor);
  }
  return { types, folded };
}

function inferOutputs(
  node: GraphNode,
  { opset, types, constant }: Pick<InferContext, "opset" | "constant"> & { types: Knowledge["types"] },
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

function smallConstant(tensor: OnnxTensor | undefined): Constant | undefined {
  if (!tensor || sizeOf(tensor.dims) > FOLD_LIMIT) return undefined;
  const values = valuesOf(tensor);
  return values && { dtype: tensor.dtype, dims: tensor.dims, values };
}
