import { assert } from "../core/assert.ts";
import type { Graph, GraphNode } from "./model.ts";

/** Which node makes a value. */
export function producers(nodes: readonly GraphNode[]): Map<string, GraphNode> {
  return new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
}

/** Every value a node reads, those its subgraphs take from outside included. */
export function readsOf(node: GraphNode): string[] {
  const captured = [...node.attributes.values()].flatMap((attribute) =>
    attribute.kind === "graph" ? capturesOf(attribute.value) : [],
  );
  return [...node.inputs.filter(Boolean), ...captured];
}

function capturesOf(graph: Graph): string[] {
  const own = new Set([
    ...graph.initializers.keys(),
    ...graph.inputs.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const read = [...graph.nodes.flatMap(readsOf), ...graph.outputs.map(({ name }) => name)];
  return read.filter((name) => !own.has(name));
}

/** Drops nodes, initializers and declared types that no output needs. */
export function prune(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map(({ name }) => name));
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    nodes.push(node);
    // Outputs that nobody reads keep their types too.
    for (const name of [...readsOf(node), ...node.outputs]) needed.add(name);
  }
  const kept = <T>(map: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...map].filter(([name]) => needed.has(name)));
  return {
    ...graph,
    nodes: nodes.reverse(),
    initializers: kept(graph.initializers),
    values: kept(graph.values),
  };
}

/** Values that depend on `source`, itself included. */
export function descendants(nodes: readonly GraphNode[], source: string): Set<string> {
  const reached = new Set([source]);
  for (const node of nodes) {
    if (readsOf(node).some((name) => reached.has(name)))
      for (const output of node.outputs) reached.add(output);
  }
  reached.delete("");
  return reached;
}

/** Values that `target` depends on, itself included. */
export function ancestors(nodes: readonly GraphNode[], target: string): Set<string> {
  const reached = new Set([target]);
  for (const node of nodes.toReversed()) {
    if (node.outputs.some((output) => reached.has(output)))
      for (const name of readsOf(node)) reached.add(name);
  }
  return reached;
}

/** Replaces reads of some values by others. */
export function rename(nodes: readonly GraphNode[], names: ReadonlyMap<string, string>): GraphNode[] {
  return nodes.map((node) =>
    node.inputs.some((input) => names.has(input))
      ? { ...node, inputs: node.inputs.map((input) => names.get(input) ?? input) }
      : node,
  );
}

/** Hands out value and node names that the graph does not use yet. */
export function freshNames(graph: Graph): (hint: string) => string {
  const taken = new Set([
    ...graph.initializers.keys(),
    ...graph.inputs.map(({ name }) => name),
    ...graph.nodes.flatMap((node) => [node.name, ...node.outputs, ...readsOf(node)]),
  ]);
  const counters = new Map<string, number>();
  return (hint) => {
    assert(hint !== "", "a fresh name needs a hint");
    let name = hint;
    while (taken.has(name)) {
      const count = (counters.get(hint) ?? 0) + 1;
      counters.set(hint, count);
      name = `${hint}_${count}`;
    }
    taken.add(name);
    return name;
  };
}
