import { UserError } from "../core/errors.ts";
import { isFloat } from "./dtype.ts";
import { ancestors, prune } from "./graph.ts";
import type { GraphNode, Model } from "./model.ts";
import type { Ops } from "./ops.ts";
import { createOps } from "./ops.ts";
import { checkModel } from "./passes/check.ts";
import { fixShapes } from "./passes/fix-shapes.ts";
import { standardOperators } from "./passes/standard-operators.ts";
import { isFlat, vjpRule } from "./vjp/index.ts";
import { unsupported } from "./vjp/rule.ts";

const NO_RULE = "no rule to differentiate this operator";

export interface DifferentiateOptions {
  /** The input whose cotangent is wanted. */
  readonly wrt: string;
  /** The output that is differentiated; the model's only one when left out. */
  readonly output?: string;
  /** Name of the new input that takes the output's cotangent; "v_" + output when left out. */
  readonly cotangentName?: string;
  /** Whether the model gives the output itself too, after the cotangent. */
  readonly includeForward?: boolean;
}

/**
 * Reverse-mode automatic differentiation of a graph with fixed sizes: returns a model that takes the inputs and the
 * output's cotangent v and gives vᵀ ∂output/∂wrt as "v_" + wrt, of the shape of wrt. It recomputes the forward pass it
 * needs and consists of standard operators that run on ONNX Runtime's WebGPU provider.
 * Throws a UserError that names the operator and the node when there is no rule for one.
 */
export function differentiate(model: Model, options: DifferentiateOptions): Model {
  const prepared = standardOperators(fixShapes(model), (node) => !vjpRule(node));
  const { graph } = prepared;
  const wrt = graph.inputs.find(({ name }) => name === options.wrt);
  if (!wrt || !isFloat(wrt.dtype)) {
    throw new UserError(
      `The model has no floating-point input "${options.wrt}"; its inputs are: ${graph.inputs.map((i) => i.name).join(", ")}`,
    );
  }
  const output = outputNamed(prepared, options.output);
  const b = createOps(prepared);
  const path = pathBetween(b, graph.nodes, wrt.name, output);
  if (!path.values.has(output))
    throw new UserError(`The model's output "${output}" does not depend on "${wrt.name}"`);
  for (const node of graph.nodes) b.keep(node);
  const cotangents = new Map<string, string>();
  const cotangent = options.cotangentName ?? `v_${output}`;
  if (b.fresh(cotangent) !== cotangent)
    throw new UserError(`The model already has a value named "${cotangent}"`);
  cotangents.set(output, b.input({ name: cotangent, ...b.type(output) }));

  for (const node of path.nodes.toReversed()) {
    for (const [input, v] of pullBack(b, node, path.values, cotangents)) {
      const others = cotangents.get(input);
      cotangents.set(input, others ? b.add(others, v) : v);
    }
  }
  b.scope = "";
  // Every node on the path passes something on, so a cotangent has arrived.
  const result = b.emit("Identity", [cotangents.get(wrt.name)!], {}, { outputs: [b.fresh(`v_${wrt.name}`)] });
  const finished = b.finish(options.includeForward ? [result, output] : [result]);
  return checkModel({ ...finished, graph: prune(finished.graph) });
}

function outputNamed({ graph }: Model, name: string | undefined): string {
  const names = graph.outputs.map((output) => output.name);
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  if (chosen !== undefined && names.includes(chosen)) return chosen;
  const wish =
    name === undefined
      ? "Say which of the model's outputs to differentiate"
      : `The model has no output "${name}"`;
  throw new UserError(`${wish}; there are: ${names.join(", ")}`);
}

interface Path {
  /** Nodes that a change of the input passes through on its way to the output. */
  readonly nodes: readonly GraphNode[];
  readonly values: ReadonlySet<string>;
}

function pathBetween(b: Ops, nodes: readonly GraphNode[], from: string, to: string): Path {
  const needed = ancestors(nodes, to);
  const values = new Set([from]);
  const onPath: GraphNode[] = [];
  for (const node of nodes) {
    if (isFlat(node) || !node.inputs.some((input) => values.has(input))) continue;
    const outputs = node.outputs.filter((name) => name !== "" && needed.has(name));
    if (outputs.some((name) => !b.knows(name))) throw unsupported(node, NO_RULE);
    const continuous = outputs.filter((name) => isFloat(b.type(name).dtype));
    if (continuous.length === 0) continue;
    onPath.push(node);
    for (const name of continuous) values.add(name);
  }
  return { nodes: onPath, values };
}

/** Cotangents of a node's inputs, one entry for every use of an input that is on the path. */
function pullBack(
  b: Ops,
  node: GraphNode,
  onPath: ReadonlySet<string>,
  known: ReadonlyMap<string, string>,
): [string, string][] {
  const cotangents = node.outputs.map((name) => known.get(name));
  // Its outputs led nowhere but into piecewise constant operators.
  if (cotangents.every((v) => v === undefined)) return [];
  const rule = vjpRule(node);
  if (!rule) throw unsupported(node, NO_RULE);
  b.scope = `vjp/${node.name || node.outputs[0]}`;
  const pullbacks = rule({
    node,
    b,
    inputs: node.inputs,
    outputs: node.outputs,
    cotangents,
    get v() {
      if (cotangents[0] === undefined || cotangents.slice(1).some((v) => v !== undefined)) {
        throw unsupported(node, "only its first output can be differentiated");
      }
      return cotangents[0];
    },
  });
  return node.inputs.flatMap((input, i): [string, string][] => {
    if (!onPath.has(input)) return [];
    const pullback = pullbacks[i];
    if (!pullback) throw unsupported(node, `no gradient towards its input ${i} ("${input}")`);
    return [[input, pullback()]];
  });
}
