import { UserError } from "../../core/errors.ts";
import { ints, title } from "../attributes.ts";
import { freshNames, prune, rename } from "../graph.ts";
import { knownPorts } from "../known-ports.ts";
import type { GraphNode, Model, ValueInfo } from "../model.ts";
import { opsetOf } from "../model.ts";
import { int64s } from "../tensor.ts";
import { fixShapes } from "./fix-shapes.ts";

/**
 * An encoder that gives the mean of its posterior, whichever of three ways it was exported: sampling inside (noise is
 * replaced by zero), giving mean and log-variance as [B, 2C, h, w] (the second half is dropped), or giving the mean
 * already (the same model comes back). Kingma and Welling, "Auto-Encoding Variational Bayes", eq. 10: z = μ + σ ε.
 */
export function posteriorMean(model: Model): Model {
  return firstHalf(withoutNoise(model));
}

const NOISE = new Set(["RandomNormal", "RandomNormalLike"]);

/** Operators that give zero for zero, whatever their other inputs. */
const KEEPS_ZERO = new Set([
  "Cast",
  "Expand",
  "Identity",
  "Neg",
  "Reshape",
  "Squeeze",
  "Transpose",
  "Unsqueeze",
]);

function withoutNoise(model: Model): Model {
  const { graph } = model;
  if (!graph.nodes.some(({ op }) => NOISE.has(op))) return model;
  const zeros = new Set<string>();
  const same = new Map<string, string>();
  const nodes: GraphNode[] = [];
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  for (const original of graph.nodes) {
    const node = rename([original], same)[0]!;
    const [output] = node.outputs as [string];
    const effect = NOISE.has(node.op) ? "zero" : effectOfZeros(node, zeros);
    if (effect === "zero") zeros.add(output);
    else if (effect === "none") nodes.push(node);
    else if (outputs.has(output)) nodes.push({ ...node, op: "Identity", inputs: [effect.equals] });
    else same.set(output, effect.equals);
  }
  const constant = graph.outputs.find(({ name }) => zeros.has(name));
  if (constant) throw new UserError(`The ONNX model's output "${constant.name}" is nothing but noise`);
  return { ...model, graph: prune({ ...graph, nodes }) };
}

/** What becomes of a node some of whose inputs are zero. */
function effectOfZeros(
  node: GraphNode,
  zeros: ReadonlySet<string>,
): "none" | "zero" | { readonly equals: string } {
  const isZero = node.inputs.map((name) => zeros.has(name));
  if (!isZero.includes(true)) return "none";
  if (node.op === "Mul" || ((node.op === "Div" || KEEPS_ZERO.has(node.op)) && isZero[0])) return "zero";
  if (node.op === "Add" && isZero.every(Boolean)) return "zero";
  if (node.op === "Add") return { equals: node.inputs[isZero[0] ? 1 : 0]! };
  if (node.op === "Sub" && !isZero[0]) return { equals: node.inputs[0]! };
  if (node.op === "Shape") throw new UserError(`${title(node)} takes a shape from noise`);
  throw new UserError(
    `${title(node)} uses noise in a way that is not mean + deviation · noise`,
    "Export the encoder so that it gives its posterior's mean or its parameters.",
  );
}

const OUTPUT_NAME_OF_MOMENTS = /param|moment/i;

/** Whether an output holds mean and log-variance: it says so, or has the 8 channels of Stable Diffusion's. */
function momentChannels(model: Model): number | undefined {
  const output = model.graph.outputs[0]!;
  if (output.dims && output.dims.length !== 4) return undefined;
  const channels = typeof output.dims?.[1] === "number" ? output.dims[1] : probeChannels(model);
  const isMoments =
    channels === 8 || (channels && channels % 2 === 0 && OUTPUT_NAME_OF_MOMENTS.test(output.name));
  return isMoments ? channels : undefined;
}

/** Channels of the first output when the file hides them behind a symbol: what they are for some image. */
function probeChannels(model: Model): number | undefined {
  const shapes = Object.fromEntries(
    knownPorts(model).inputs.map(({ name, dims }) => [
      name,
      dims.map((dim, axis) => (typeof dim === "number" ? dim : axis === 0 ? 1 : 64)),
    ]),
  );
  const dims = fixShapes(model, shapes).graph.outputs[0]!.dims;
  return dims?.length === 4 && typeof dims[1] === "number" ? dims[1] : undefined;
}

function firstHalf(model: Model): Model {
  const channels = momentChannels(model);
  if (channels === undefined) return model;
  const { graph } = model;
  const fresh = freshNames(graph);
  const [output, ...rest] = graph.outputs as [ValueInfo, ...ValueInfo[]];
  const moments = fresh(`${output.name}_moments`);
  const bounds = { starts: 0, ends: channels / 2, axes: 1 };
  const names = Object.keys(bounds).map((name) => fresh(`${output.name}_${name}`));
  const asInputs = opsetOf(model) >= 10;
  const slice: GraphNode = {
    name: fresh("posterior_mean"),
    op: "Slice",
    domain: "",
    inputs: asInputs ? [moments, ...names] : [moments],
    outputs: [output.name],
    attributes: new Map(asInputs ? [] : Object.entries(bounds).map(([name, value]) => [name, ints([value])])),
  };
  const constants = Object.values(bounds).map((value, i) => [names[i]!, int64s([value])] as const);
  return {
    ...model,
    graph: {
      ...graph,
      nodes: [...renameValue(graph.nodes, output.name, moments), slice],
      initializers: new Map([...graph.initializers, ...(asInputs ? constants : [])]),
      outputs: [{ ...output, ...(output.dims && { dims: output.dims.with(1, channels / 2) }) }, ...rest],
    },
  };
}

/** Gives a value another name where it is made and wherever it is read. */
function renameValue(nodes: readonly GraphNode[], from: string, to: string): GraphNode[] {
  return rename(nodes, new Map([[from, to]])).map((node) => ({
    ...node,
    outputs: node.outputs.map((name) => (name === from ? to : name)),
  }));
}
