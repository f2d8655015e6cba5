/** Which constants of a graph are weights that can be stored in fewer bits, and what becomes of each. */
import { axisOf, getFloat, getInt } from "../attributes.ts";
import { holdsFloats } from "../floats.ts";
import { ruleName } from "../infer/index.ts";
import type { Graph, GraphNode } from "../model.ts";
import type { OnnxTensor } from "../tensor.ts";
import { sizeOf } from "../tensor.ts";

/** A matrix product x·W (+ bias): `transposed` when the constant is [N, K]. */
export interface LinearUse {
  readonly transposed: boolean;
  readonly bias: string | undefined;
}

export interface Weight {
  readonly name: string;
  readonly tensor: OnnxTensor;
  /** The axis of its output channels, each of which gets a scale of its own. */
  readonly axis: number;
  readonly consumers: readonly GraphNode[];
  /** Set when each consumer is a plain product with it, which MatMulNBits can take over. */
  readonly linear: LinearUse | undefined;
}

interface Slot {
  readonly input: number;
  axis(node: GraphNode, rank: number): number;
}

/** Where operators take weights. An embedding's rows are its channels. */
const SLOTS: Readonly<Partial<Record<string, Slot>>> = {
  Conv: { input: 1, axis: () => 0 },
  ConvTranspose: { input: 1, axis: () => 1 },
  MatMul: { input: 1, axis: (_, rank) => rank - 1 },
  Gemm: { input: 1, axis: (node) => (getInt(node, "transB") ? 0 : 1) },
  Gather: { input: 0, axis: () => 0 },
  Transpose: { input: 0, axis: () => 0 },
  "com.microsoft.FusedConv": { input: 1, axis: () => 0 },
  "com.microsoft.NhwcConv": { input: 1, axis: () => 0 },
  "com.microsoft.FusedMatMul": { input: 1, axis: (node, rank) => rank - (getInt(node, "transB") ? 2 : 1) },
};

/** Below this there is nothing to gain: biases, norms, scalars. */
const MIN_ELEMENTS = 512;

export function findWeights(graph: Graph): readonly Weight[] {
  const consumers = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    for (const name of new Set(node.inputs)) {
      if (graph.initializers.has(name)) consumers.set(name, [...(consumers.get(name) ?? []), node]);
    }
  }
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  return [...consumers].flatMap(([name, nodes]) => {
    const tensor = graph.initializers.get(name)!;
    const axis = channelAxis(name, tensor, nodes);
    if (axis === undefined || outputs.has(name)) return [];
    return [{ name, tensor, axis, consumers: nodes, linear: linearUse(tensor, nodes) }];
  });
}

/** The axis on which all consumers agree; undefined for what is no weight. */
function channelAxis(name: string, tensor: OnnxTensor, nodes: readonly GraphNode[]): number | undefined {
  const { dims } = tensor;
  if (!holdsFloats(tensor) || dims.length < 2 || sizeOf(dims) < MIN_ELEMENTS) return undefined;
  const axes = nodes.map((node) => {
    const slot = SLOTS[ruleName(node)];
    const isThere = slot && node.inputs.every((input, i) => (input === name) === (i === slot.input));
    return isThere ? axisOf(slot.axis(node, dims.length), dims.length) : undefined;
  });
  return axes.every((axis) => axis === axes[0]) ? axes[0] : undefined;
}

function linearUse({ dims }: OnnxTensor, nodes: readonly GraphNode[]): LinearUse | undefined {
  const [node] = nodes as [GraphNode];
  if (dims.length !== 2) return undefined;
  if (nodes.every(({ op }) => op === "MatMul")) return { transposed: false, bias: undefined };
  const isPlain = (getFloat(node, "alpha") ?? 1) === 1 && (getFloat(node, "beta") ?? 1) === 1;
  if (nodes.length !== 1 || node.op !== "Gemm" || !isPlain || getInt(node, "transA")) return undefined;
  return { transposed: getInt(node, "transB") === 1, bias: node.inputs[2] || undefined };
}
