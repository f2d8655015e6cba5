import { UserError } from "../core/errors.ts";
import { chooseRecomputed } from "./checkpoint/choose.ts";
import { segmentCosts } from "./checkpoint/costs.ts";
import { recompute } from "./checkpoint/recompute.ts";
import { cutAtSingles } from "./checkpoint/segments.ts";
import type { Segment } from "./checkpoint/segments.ts";
import { isFloat } from "./dtype.ts";
import { ancestors, descendants, prune } from "./graph.ts";
import { peakBytes, withoutWeights } from "./memory.ts";
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
  /**
   * Bytes that a run should need at most for values in between (`peakBytes`). Where keeping the forward pass takes more,
   * parts of it are computed once more in the backward pass, as few as will do.
   */
  readonly memoryBudget?: number;
}

/**
 * Reverse-mode automatic differentiation of a graph with fixed sizes: returns a model that takes the inputs and the
 * output's cotangent v and gives vᵀ ∂output/∂wrt as "v_" + wrt, of the shape of wrt. It recomputes the forward pass it
 * needs and consists of standard operators that run on ONNX Runtime's WebGPU provider.
 * Throws a UserError that names the operator and the node when there is no rule for one.
 */
export function differentiate(model: Model, options: DifferentiateOptions): Model {
  const prepared = standardOperators(fixShapes(model), (node) => !vjpRule(node));
  const way = wayThrough(prepared, options);
  return pullBackAlong(prepared, way, options, recomputed(prepared, way, options)).model;
}

/** Segments of the forward pass that the backward pass does without keeping, found on the graph without weights. */
function recomputed(prepared: Model, way: Way, options: DifferentiateOptions): readonly Segment[] {
  const { memoryBudget = Infinity } = options;
  if (memoryBudget === Infinity) return [];
  const sketch = withoutWeights(prepared);
  const { model, cotangents } = pullBackAlong(sketch, way, options, []);
  const peak = peakBytes(model);
  if (peak <= memoryBudget) return [];
  const segments = cutAtSingles(way.varying, way.wrt, way.output);
  const costs = segmentCosts(model, segments, cotangents, createOps(sketch).type);
  const chosen = chooseRecomputed(costs, memoryBudget).map((i) => segments[i]!);
  return peakBytes(pullBackAlong(sketch, way, options, chosen).model) < peak ? chosen : [];
}

/** Writes the forward pass, and the backward pass that computes some segments of it once more. */
function pullBackAlong(
  prepared: Model,
  { wrt, output, nodes, values }: Way,
  options: DifferentiateOptions,
  again: readonly Segment[],
): { readonly model: Model; readonly cotangents: ReadonlyMap<string, string> } {
  const b = createOps(prepared);
  for (const node of prepared.graph.nodes) b.keep(node);
  const cotangent = options.cotangentName ?? `v_${output}`;
  if (b.fresh(cotangent) !== cotangent)
    throw new UserError(`The model already has a value named "${cotangent}"`);
  const cotangents = new Map([[output, b.input({ name: cotangent, ...b.type(output) })]]);

  const segmentOf = new Map(
    again.flatMap((segment) => segment.nodes.map((node) => [node, segment] as const)),
  );
  const copies = new Map<GraphNode, GraphNode>();
  for (const node of nodes.toReversed()) {
    const segment = segmentOf.get(node);
    if (segment && !copies.has(node)) {
      for (const [original, copy] of recompute(b, segment, cotangents.get(segment.leaves)!))
        copies.set(original, copy);
    }
    for (const [input, v] of pullBack(b, node, copies.get(node) ?? node, values, cotangents)) {
      const others = cotangents.get(input);
      cotangents.set(input, others ? b.add(others, v) : v);
    }
  }
  b.scope = "";
  // Every node on the path passes something on, so a cotangent has arrived.
  const result = b.emit("Identity", [cotangents.get(wrt)!], {}, { outputs: [b.fresh(`v_${wrt}`)] });
  const finished = b.finish(options.includeForward ? [result, output] : [result]);
  return { model: checkModel({ ...finished, graph: prune(finished.graph) }), cotangents };
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

/** What lies between the input and the output. */
interface Way {
  readonly wrt: string;
  readonly output: string;
  /** Nodes that a change of the input passes through on its way to the output. */
  readonly nodes: readonly GraphNode[];
  /** What these read and make of it. */
  readonly values: ReadonlySet<string>;
  /** All nodes that depend on the input and that the output depends on, piecewise constant ones too. */
  readonly varying: readonly GraphNode[];
}

function wayThrough(prepared: Model, options: DifferentiateOptions): Way {
  const { graph } = prepared;
  const wrt = graph.inputs.find(({ name }) => name === options.wrt);
  if (!wrt || !isFloat(wrt.dtype)) {
    throw new UserError(
      `The model has no floating-point input "${options.wrt}"; its inputs are: ${graph.inputs.map((i) => i.name).join(", ")}`,
    );
  }
  const output = outputNamed(prepared, options.output);
  const b = createOps(prepared);
  const needed = ancestors(graph.nodes, output);
  const dependent = descendants(graph.nodes, wrt.name);
  const between = (name: string): boolean => needed.has(name) && dependent.has(name);
  const varying = graph.nodes.filter(({ outputs }) => outputs.some(between));

  const values = new Set([wrt.name]);
  const nodes: GraphNode[] = [];
  for (const node of varying) {
    if (isFlat(node) || !node.inputs.some((input) => values.has(input))) continue;
    const outputs = node.outputs.filter((name) => name !== "" && needed.has(name));
    if (outputs.some((name) => !b.knows(name))) throw unsupported(node, NO_RULE);
    const continuous = outputs.filter((name) => isFloat(b.type(name).dtype));
    if (continuous.length === 0) continue;
    nodes.push(node);
    for (const name of continuous) values.add(name);
  }
  if (!values.has(output))
    throw new UserError(`The model's output "${output}" does not depend on "${wrt.name}"`);
  return { wrt: wrt.name, output, nodes, values, varying };
}

/**
 * Cotangents of a node's inputs, one entry for every use of an input that is on the path.
 * @param seen the node itself or its copy, whose values the backward pass reads
 */
function pullBack(
  b: Ops,
  node: GraphNode,
  seen: GraphNode,
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
    node: seen,
    b,
    inputs: seen.inputs,
    outputs: seen.outputs,
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
