import { UserError } from "../core/errors.ts";
import { title } from "../onnx/attributes.ts";
import { obstacle } from "../onnx/kernels.ts";
import type { Obstacle, Provider } from "../onnx/kernels.ts";
import { describe } from "../onnx/model.ts";
import type { GraphNode, Model, ValueType } from "../onnx/model.ts";
import { fixShapes } from "../onnx/passes/fix-shapes.ts";
import type { InputShapes } from "../onnx/passes/fix-shapes.ts";
import { mixedPrecision } from "../onnx/passes/mixed-precision.ts";
import { isPlainAttention } from "../onnx/passes/standard/attention.ts";
import { standardOperators } from "../onnx/passes/standard-operators.ts";
import { writeModel } from "../onnx/write.ts";
import type { AttentionForm } from "./attention-check.ts";
import { withFusedAttention } from "./fused-attention.ts";
import type { Network } from "./graph-runner.ts";

export interface Runnable extends Network {
  /** Whether its sizes are those of `shapes` alone. */
  readonly isFixed: boolean;
  /** Nodes on the CPU that wait for values from the GPU in every run, each with the reason. */
  readonly onCpu: readonly string[];
  /** What stays in plain operators because it would be wrong fused. */
  readonly wrongFused: readonly AttentionForm[];
}

/** Whether a provider computes attention right when it is one node. */
export type CheckAttention = (form: AttentionForm) => Promise<boolean>;

/**
 * A network as a provider can run it, in half precision where that is asked for: operators without a kernel are written
 * in others, where that is known, and attention for WebGPU as one node, where that is right. (On wasm one node gains
 * nothing: a step of the UNet for 256 pixels takes 0.61 s of processor time in place of 0.62.) The network itself when
 * there is nothing to write. Throws a UserError that names the node no session can be made with.
 */
export async function runnable(
  name: string,
  network: Network,
  shapes: InputShapes,
  provider: Provider,
  isRight: CheckAttention,
): Promise<Runnable> {
  const attends = provider === "webgpu" && network.model.graph.nodes.some(mayAttend);
  const suspects = obstacles(network.model, provider);
  const asItIs = { ...network, isFixed: false, wrongFused: [] };
  const { rewrite, precision } = network;
  const isMixed = precision === "float16";
  if (suspects.size === 0 && !attends && !rewrite && !isMixed) return { ...asItIs, onCpu: [] };
  const asMade = fixShapes(network.model, shapes);
  const fixed = rewrite?.(asMade) ?? asMade;
  const before = obstacles(fixed, provider);
  const standard = standardOperators(
    fixed,
    (node) => before.has(node) || (attends && isPlainAttention(node)),
  );
  const after = obstacles(standard, provider);
  for (const [node, { kind, why }] of after) {
    if (kind !== "missing") continue;
    throw new UserError(
      `${name} uses ${title(node)}, which cannot be run: ${why}.`,
      "Export the model in standard ONNX operators, without the optimisation for another kind of device.",
    );
  }
  const onCpu = stalls(standard, after).map(([node, { why }]) => `${title(node)}, because ${why}`);
  const { model: fused, wrong } = attends
    ? await withFusedAttention(standard, isRight)
    : { model: standard, wrong: [] };
  const model = isMixed ? mixedPrecision(fused, (name) => asMade.graph.initializers.has(name)) : fused;
  if (model === asMade) return { ...asItIs, onCpu, wrongFused: wrong };
  return {
    ...network,
    bytes: writeModel(model),
    model,
    inputs: describe(model).inputs,
    isFixed: true,
    onCpu,
    wrongFused: wrong,
  };
}

/** Attention has one of these, as one node or written out. */
const mayAttend = ({ op }: GraphNode): boolean => op === "Softmax" || op === "MultiHeadAttention";

/** The nodes a provider does not run itself. */
function obstacles(model: Model, provider: Provider): Map<GraphNode, Obstacle> {
  const types = valueTypes(model);
  return new Map(
    model.graph.nodes.flatMap((node) => {
      const found = obstacle(node, provider, (value) => types.get(value)?.dtype);
      return found ? [[node, found] as const] : [];
    }),
  );
}

/**
 * Of nodes on the CPU those that read what the GPU makes. What follows from feeds alone is there already, as are
 * integers: they are timesteps and sizes, moved about.
 */
function stalls(model: Model, onCpu: ReadonlyMap<GraphNode, Obstacle>): [GraphNode, Obstacle][] {
  const types = valueTypes(model);
  const made = new Set(
    model.graph.nodes
      .filter((node) => !onCpu.has(node))
      .flatMap(({ outputs }) => outputs.filter((value) => types.get(value)?.dtype !== "int64")),
  );
  return [...onCpu].filter(([{ inputs }]) => inputs.some((input) => made.has(input)));
}

function valueTypes({ graph }: Model): ReadonlyMap<string, ValueType> {
  const ports = [...graph.inputs, ...graph.outputs].map((port) => [port.name, port] as const);
  return new Map<string, ValueType>([...graph.initializers, ...graph.values, ...ports]);
}
