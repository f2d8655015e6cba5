import { producers } from "../graph.ts";
import type { Attribute, Dim, GraphNode, Model, ValueInfo } from "../model.ts";
import type { DType } from "../dtype.ts";
import type { OnnxTensor } from "../tensor.ts";

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  /** One output named like the node unless given. */
  readonly outputs?: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
}

export interface ModelSpec {
  readonly opset?: number;
  readonly inputs: Readonly<Record<string, readonly Dim[] | { dtype: DType; dims: readonly Dim[] }>>;
  readonly constants?: Readonly<Record<string, OnnxTensor>>;
  readonly nodes: readonly NodeSpec[];
  /** Name → type; shapes may be left out, float32 is meant where no type is given. */
  readonly outputs: Readonly<Record<string, DType | { dtype: DType; dims: readonly Dim[] }>>;
}

/** A small model for a test, made by hand. */
export function buildModel({ opset = 17, inputs, constants = {}, nodes, outputs }: ModelSpec): Model {
  const made: GraphNode[] = nodes.map((node, index) => ({
    name: `${node.op}_${index}`,
    op: node.op,
    domain: node.domain ?? "",
    inputs: node.inputs,
    outputs: node.outputs ?? [`${node.op}_${index}`],
    attributes: new Map(Object.entries(node.attributes ?? {})),
  }));
  const domains = new Set(made.map(({ domain }) => domain).filter(Boolean));
  return {
    irVersion: 8,
    producer: "test",
    opsets: new Map([["", opset], ...[...domains].map((domain) => [domain, 1] as const)]),
    metadata: new Map(),
    graph: {
      name: "test",
      nodes: made,
      initializers: new Map(Object.entries(constants)),
      inputs: Object.entries(inputs).map(([name, type]): ValueInfo =>
        "dtype" in type ? { name, ...type } : { name, dtype: "float32", dims: type },
      ),
      outputs: Object.entries(outputs).map(([name, type]): ValueInfo =>
        typeof type === "string" ? { name, dtype: type } : { name, ...type },
      ),
      values: new Map(),
    },
  };
}

/** How often each operator occurs, for assertions on rewritten graphs. */
export function countOps(model: Model): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { op } of new Set(producers(model.graph.nodes).values())) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}
