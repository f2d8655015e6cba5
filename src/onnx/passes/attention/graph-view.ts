import { getTensor } from "../../attributes.ts";
import { producers, readsOf } from "../../graph.ts";
import type { TensorType } from "../../infer/rule.ts";
import { isKnown } from "../../infer/propagate.ts";
import type { GraphNode, Model, ValueType } from "../../model.ts";
import { scalarOf, sizeOf, valuesOf } from "../../tensor.ts";

/** A graph with fixed sizes, looked at from its values. */
export interface GraphView {
  /** Undefined where it is not known. */
  type(value: string): TensorType | undefined;
  producer(value: string): GraphNode | undefined;
  /** The node that alone reads a value; undefined where several do, or the graph gives it. */
  onlyReader(value: string): GraphNode | undefined;
  /** The number a constant of one element holds. */
  scalar(value: string): number | undefined;
  /** Whether a value is nothing but zeros in every run. */
  isZero(value: string): boolean;
}

/** What ConstantOfShape fills with unless told otherwise. */
const ZERO = scalarOf("float32", 0);

export function viewGraph({ graph }: Model): GraphView {
  const types = new Map<string, ValueType>([
    ...graph.values,
    ...graph.initializers,
    ...[...graph.inputs, ...graph.outputs].map((port) => [port.name, port] as const),
  ]);
  const made = producers(graph.nodes);
  const given = new Set(graph.outputs.map(({ name }) => name));
  const readers = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    for (const value of readsOf(node)) readers.set(value, [...(readers.get(value) ?? []), node]);
  }
  const view: GraphView = {
    type(value) {
      const type = types.get(value);
      return type && isKnown(type.dims) ? { dtype: type.dtype, dims: type.dims } : undefined;
    },
    producer: (value) => made.get(value),
    onlyReader(value) {
      const [reader, ...others] = readers.get(value) ?? [];
      return others.length === 0 && !given.has(value) ? reader : undefined;
    },
    scalar(value) {
      const tensor = graph.initializers.get(value);
      return tensor && sizeOf(tensor.dims) === 1 ? valuesOf(tensor)?.[0] : undefined;
    },
    isZero(value) {
      const tensor = graph.initializers.get(value);
      if (tensor) return valuesOf(tensor)?.every((element) => element === 0) ?? false;
      const node = made.get(value);
      if (!node) return false;
      if (node.op === "Mul") return node.inputs.some(view.isZero);
      if (node.op === "ConstantOfShape") return !valuesOf(getTensor(node, "value") ?? ZERO)?.[0];
      return node.op === "Expand" && view.isZero(node.inputs[0]!);
    },
  };
  return view;
}
