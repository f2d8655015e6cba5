import { getInt, getInts } from "./attributes.ts";
import { producers } from "./graph.ts";
import { describe } from "./model.ts";
import type { GraphNode, Model, Port } from "./model.ts";

/**
 * A model's inputs and outputs as `describe` gives them, and where the file leaves a number of channels open although its
 * weights fix it, that number. diffusers' own exporter, Olive and early Optimum declare channels as symbols.
 */
export function knownPorts(model: Model): { inputs: Port[]; outputs: Port[] } {
  const { inputs, outputs } = describe(model);
  const made = producers(model.graph.nodes);
  const weightsOf = (name: string | undefined) => weightDims(model, made, name ?? "");
  return {
    inputs: inputs.map((port) => withSize(port, channelsRead(port, model.graph.nodes, weightsOf))),
    outputs: outputs.map((port) => withSize(port, channelsMade(port.name, made, weightsOf))),
  };
}

interface Size {
  readonly axis: number;
  readonly size: number;
}
type WeightsOf = (name: string | undefined) => readonly number[] | undefined;

const withSize = (port: Port, found: Size | undefined): Port =>
  found && typeof port.dims[found.axis] === "string"
    ? { ...port, dims: port.dims.with(found.axis, found.size) }
    : port;

/** Where an axis of a node's first input lies in its output; undefined where the node does more than move it. */
function movedAxis(node: GraphNode, axis: number): number | undefined {
  if (node.op === "Cast" || node.op === "Identity") return axis;
  return node.op === "Transpose" ? getInts(node, "perm")?.indexOf(axis) : undefined;
}

/** The axis that a node's weights take from its first input, and how much of it there has to be. */
function taken(node: GraphNode, weights: readonly number[]): Size | undefined {
  const groups = getInt(node, "group") ?? 1;
  switch (node.op) {
    case "Conv":
      return { axis: 1, size: weights[1]! * groups };
    case "NhwcConv":
      return { axis: weights.length - 1, size: weights.at(-1)! * groups };
    case "MatMul":
      return weights.length === 2 ? { axis: 2, size: weights[0]! } : undefined; // of [batch, tokens, width]
    default:
      return undefined;
  }
}

/** Of the first node with weights that reads an input, perhaps cast or transposed. */
function channelsRead(port: Port, nodes: readonly GraphNode[], weightsOf: WeightsOf): Size | undefined {
  const axes = port.dims.map((_, axis) => axis);
  /** For each form of the input, which of its axes are which of the port's. */
  const forms = new Map([[port.name, axes]]);
  for (const node of nodes) {
    const form = forms.get(node.inputs[0] ?? "");
    if (!form) continue;
    const moved = form.map((axis) => movedAxis(node, axis));
    if (moved.every((axis) => axis !== undefined)) {
      forms.set(node.outputs[0]!, moved);
      continue;
    }
    const weights = weightsOf(node.inputs[1]);
    const size = weights && taken(node, weights);
    if (size) return { axis: form.indexOf(size.axis), size: size.size };
  }
  return undefined;
}

/** Of the convolution that makes an output, perhaps cast afterwards. */
function channelsMade(
  name: string,
  made: ReadonlyMap<string, GraphNode>,
  weightsOf: WeightsOf,
): Size | undefined {
  const node = made.get(name);
  if (!node) return undefined;
  if (node.op === "Cast" || node.op === "Identity") {
    return channelsMade(node.inputs[0]!, made, weightsOf);
  }
  const weights = node.op === "Conv" ? weightsOf(node.inputs[1]) : undefined;
  return weights && { axis: 1, size: weights[0]! };
}

/** Sizes of a weight, however it is stored. */
function weightDims(
  model: Model,
  made: ReadonlyMap<string, GraphNode>,
  name: string,
): readonly number[] | undefined {
  const stored = model.graph.initializers.get(name);
  if (stored) return stored.dims;
  const node = made.get(name);
  if (!node) return undefined;
  const isTransposed = node.op === "Transpose";
  if (!isTransposed && !["Cast", "Identity", "DequantizeLinear"].includes(node.op)) return undefined;
  const dims = weightDims(model, made, node.inputs[0] ?? "");
  if (!dims || !isTransposed) return dims;
  return getInts(node, "perm")?.map((axis) => dims[axis]!) ?? dims.toReversed();
}
