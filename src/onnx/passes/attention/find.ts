import { axisOf, getInt } from "../../attributes.ts";
import type { DType } from "../../dtype.ts";
import type { GraphNode, Model } from "../../model.ts";
import { opsetOf } from "../../model.ts";
import { sameDims } from "../../ops.ts";
import { sizeOf } from "../../tensor.ts";
import type { HeadSizes } from "./arrangement.ts";
import type { GraphView } from "./graph-view.ts";
import { viewGraph } from "./graph-view.ts";
import type { Operand } from "./operands.ts";
import { factorOf, headsBehind, isStill, source, stepsBehind, target } from "./operands.ts";

/** softmax(scale · Q Kᵀ + bias) V of every head, written out in a graph. */
export interface Attention {
  readonly query: Operand;
  readonly key: Operand;
  readonly value: Operand;
  readonly output: Operand;
  readonly scale: number;
  readonly bias: Bias | undefined;
  readonly dtype: DType;
}

/** What is added to scores. */
export interface Bias {
  readonly value: string;
  readonly dims: readonly number[];
  /** Whether the scores are [N·H, S, L] there, not [N, H, S, L]. */
  readonly isPerMatrix: boolean;
}

/**
 * Every attention of a model with fixed sizes that is written out as product, softmax and product, however its
 * exporter arranges the heads and wherever it multiplies by the scale; one whose scores are read by others is left out.
 */
export function findAttention(model: Model): Attention[] {
  const view = viewGraph(model);
  const softmaxes = model.graph.nodes.filter((node) => node.op === "Softmax" && node.domain === "");
  return softmaxes.flatMap((node) => attentionAround(node, view, opsetOf(model)) ?? []);
}

function attentionAround(softmax: GraphNode, view: GraphView, opset: number): Attention | undefined {
  const type = view.type(softmax.inputs[0]!);
  if (!type || !isOverLastAxis(softmax, type.dims.length, opset)) return undefined;
  const scores = scoresBehind(softmax.inputs[0]!, view);
  const mixed = scores && mixedBy(softmax.outputs[0]!, view);
  if (!mixed) return undefined;

  const [q, k] = scores.product.inputs.map((value) => stepsBehind(value, view, { scaled: true })) as [
    Steps,
    Steps,
  ];
  const v = stepsBehind(mixed.inputs[1]!, view, { scaled: false });
  const [qDims, kDims, vDims] = [q[0]?.dims, k[0]?.dims, v[0]?.dims];
  if (!qDims || !kDims || !vDims) return undefined;
  const [length, width] = qDims.slice(-2) as [number, number];
  const [outer, keys] = [qDims.slice(0, -2), kDims.at(-1)!];
  const isPerHead = outer.length === 1 || outer.length === 2;
  if (!isPerHead || !sameDims(kDims, [...outer, width, keys]) || !sameDims(vDims, [...outer, keys, width]))
    return undefined;

  const heads = outer[1] ?? headsBehind(q, [outer[0]!, length, width]);
  const ofQueries: HeadSizes = { batch: sizeOf(outer) / heads, heads, length, width };
  const ofKeys: HeadSizes = { ...ofQueries, length: keys };
  const query = source(q, ofQueries, "apart");
  const key = source(k, ofKeys, "apart, transposed");
  return {
    query,
    key,
    value: source(v, ofKeys, "apart"),
    output: target(mixed.outputs[0]!, ofQueries, view),
    scale: query.scale * key.scale * scores.scale,
    bias: scores.bias,
    dtype: type.dtype,
  };
}

type Steps = ReturnType<typeof stepsBehind>;

/** Before operator set 13 Softmax took all axes from one on as one. */
function isOverLastAxis(node: GraphNode, rank: number, opset: number): boolean {
  return axisOf(getInt(node, "axis") ?? (opset < 13 ? 1 : -1), rank) === rank - 1;
}

interface Scores {
  readonly product: GraphNode;
  readonly scale: number;
  readonly bias?: Bias;
}

/** The product of queries and keys that a softmax's input comes from. */
function scoresBehind(value: string, view: GraphView): Scores | undefined {
  const node = view.producer(value);
  if (!node || node.domain !== "" || !view.onlyReader(value)) return undefined;
  if (node.op === "MatMul") return { product: node, scale: 1 };
  if (node.op === "Add") return biased(node, view);
  const factor = factorOf(node, view);
  if (factor) {
    const scores = scoresBehind(factor.of, view);
    return scores && scores.bias === undefined ? { ...scores, scale: scores.scale * factor.by } : undefined;
  }
  return keepsRows(node, view) ? scoresBehind(node.inputs[0]!, view) : undefined;
}

/** Scores plus something that is broadcast to them. */
function biased({ inputs, outputs }: GraphNode, view: GraphView): Scores | undefined {
  const dims = view.type(outputs[0]!)?.dims ?? [];
  const [a, b] = inputs as [string, string];
  const scoresIn = (value: string) =>
    sameDims(view.type(value)?.dims ?? [], dims) ? scoresBehind(value, view) : undefined;
  const inFirst = scoresIn(a);
  const scores = inFirst ?? scoresIn(b);
  const value = inFirst ? b : a;
  // Old exporters write a product that may add to something with nothing to add to.
  if (!scores || view.isZero(value)) return scores;
  const type = view.type(value);
  if (scores.bias || !type) return undefined;
  return { ...scores, bias: { value, dims: type.dims, isPerMatrix: dims.length === 3 } };
}

/** The product that mixes the values by a softmax's output, which nothing else may read. */
function mixedBy(weights: string, view: GraphView): GraphNode | undefined {
  const dtype = view.type(weights)?.dtype;
  for (let value = weights; ;) {
    const reader = view.onlyReader(value);
    if (!reader || reader.domain !== "") return undefined;
    const isMixing = reader.op === "MatMul" && reader.inputs[0] === value;
    if (isMixing) return view.type(value)?.dtype === dtype ? reader : undefined;
    // Old exporters leave casts there and back, which lose nothing where the way is through float32.
    const widens = reader.op === "Cast" && [dtype, "float32"].includes(view.type(reader.outputs[0]!)?.dtype);
    if (!widens && !keepsRows(reader, view)) return undefined;
    value = reader.outputs[0]!;
  }
}

/** Whether a node gives its input, at most with other axes before the last two. */
function keepsRows(node: GraphNode, view: GraphView): boolean {
  const [before, after] = [view.type(node.inputs[0]!)?.dims, view.type(node.outputs[0]!)?.dims];
  return node.op !== "Transpose" && isStill(node, view) && sameDims(before!.slice(-2), after!.slice(-2));
}
