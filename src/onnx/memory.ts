/**
 * How much memory a run of a graph with fixed sizes needs for the values in it, its weights aside: nodes run in the
 * order they stand in, a value takes its bytes from the node that makes it to the last that reads it. That is what
 * ONNX Runtime does on WebGPU, but for the buffers it keeps for later, copies in another layout and scratch for
 * weights; its CPU provider also writes some results over their inputs.
 */
import { getInt } from "./attributes.ts";
import { dtypeFromCode } from "./dtype.ts";
import type { DType } from "./dtype.ts";
import { readsOf } from "./graph.ts";
import { ruleName } from "./infer/index.ts";
import { isKnown } from "./infer/propagate.ts";
import type { Model, ValueType } from "./model.ts";
import type { OnnxTensor } from "./tensor.ts";
import { byteLength } from "./tensor.ts";

/** Memory that one value, or several that share it, take while a graph runs. */
export interface Lifetime {
  readonly bytes: number;
  /** Positions of the nodes that make it and that read it last; from −1 for inputs, to the node count for outputs. */
  readonly from: number;
  readonly to: number;
}

/** Operators that give their first input's memory another shape or name. */
const ALIASES = new Set(["Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze"]);

/**
 * By value; those that share memory have one object. Left out are values whose sizes are not known and those that
 * follow from weights alone, which are weights as well (folded when the graph is loaded) or scratch.
 */
export function lifetimes({ graph }: Model): ReadonlyMap<string, Lifetime> {
  const types = new Map<string, ValueType>([
    ...graph.values,
    ...[...graph.inputs, ...graph.outputs].map((port) => [port.name, port] as const),
  ]);
  const end = graph.nodes.length;
  const lives = new Map<string, { bytes: number; from: number; to: number }>();
  const begin = (name: string, from: number, to: number): void => {
    const type = types.get(name);
    if (type && isKnown(type.dims)) lives.set(name, { bytes: byteLength(type.dtype, type.dims), from, to });
  };
  // The caller holds on to what is fed.
  for (const { name } of graph.inputs) begin(name, -1, end);
  const varying = new Set(graph.inputs.map(({ name }) => name));
  graph.nodes.forEach((node, at) => {
    const reads = readsOf(node);
    if (reads.length > 0 && !reads.some((name) => varying.has(name))) return;
    for (const name of node.outputs) varying.add(name);
    for (const name of reads) {
      const life = lives.get(name);
      if (life) life.to = Math.max(life.to, at);
    }
    const shared = ALIASES.has(ruleName(node)) ? lives.get(node.inputs[0]!) : undefined;
    if (shared) lives.set(node.outputs[0]!, shared);
    else for (const name of node.outputs) begin(name, at, at);
  });
  for (const { name } of graph.outputs) {
    const life = lives.get(name);
    if (life) life.to = end;
  }
  return lives;
}

/** The most bytes that are alive while any node from position `first` to before `end` runs. */
export function peakOf(lives: Iterable<Lifetime>, first: number, end: number): number {
  const changes = new Float64Array(Math.max(0, end - first) + 1);
  for (const { bytes, from, to } of new Set(lives)) {
    if (to < first || from >= end) continue;
    changes[Math.max(from, first) - first]! += bytes;
    if (to + 1 < end) changes[to + 1 - first]! -= bytes;
  }
  let alive = 0;
  return changes.subarray(0, -1).reduce((most, change) => Math.max(most, (alive += change)), 0);
}

/** The most bytes that a run holds at once, inputs and outputs included. */
export function peakBytes(model: Model): number {
  return peakOf(lifetimes(model).values(), 0, model.graph.nodes.length);
}

/** Bytes of the largest value of a run. */
export function largestValue(model: Model): number {
  return [...lifetimes(model).values()].reduce((largest, { bytes }) => Math.max(largest, bytes), 0);
}

/** Bytes of the weights, wherever they lie. Those behind a Cast are of its type once they are loaded. */
export function weightBytes({ graph }: Model): number {
  const loaded = new Map<string, DType>();
  for (const node of graph.nodes) {
    if (ruleName(node) === "Cast") loaded.set(node.inputs[0]!, dtypeFromCode(getInt(node, "to")!, "a Cast"));
  }
  return [...graph.initializers].reduce(
    (sum, [name, { dtype, dims }]) => sum + byteLength(loaded.get(name) ?? dtype, dims),
    0,
  );
}

/** Constants up to this size say how a graph is put together: shapes, axes, scales. */
const SMALL_BYTES = 1024;

/** The model without the contents of its weights, for passes that are run only to see how much memory follows. */
export function withoutWeights(model: Model): Model {
  const initializers = [...model.graph.initializers].map(([name, tensor]): [string, OnnxTensor] =>
    byteLength(tensor.dtype, tensor.dims) > SMALL_BYTES
      ? [name, { ...tensor, raw: new Uint8Array(0), external: new Map() }]
      : [name, tensor],
  );
  return { ...model, graph: { ...model.graph, initializers: new Map(initializers) } };
}
