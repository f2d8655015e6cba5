import { UserError } from "../core/errors.ts";
import { title } from "../onnx/attributes.ts";
import { obstacle } from "../onnx/kernels.ts";
import type { Obstacle, Provider } from "../onnx/kernels.ts";
import { describe } from "../onnx/model.ts";
import type { GraphNode, Model, ValueType } from "../onnx/model.ts";
import { fixShapes } from "../onnx/passes/fix-shapes.ts";
import type { InputShapes } from "../onnx/passes/fix-shapes.ts";
import { isExpandable, standardOperators } from "../onnx/passes/standard-operators.ts";
import { writeModel } from "../onnx/write.ts";
import type { Network } from "./graph-runner.ts";

export interface Runnable extends Network {
  /** Whether its sizes are those of `shapes` alone. */
  readonly isFixed: boolean;
  /** Nodes on the CPU that wait for values from the GPU in every run, each with the reason. */
  readonly onCpu: readonly string[];
}

/**
 * A network as a provider can run it: operators without a kernel are written in others, where that is known. The
 * network itself when there is nothing to write. Throws a UserError that names the node no session can be made with.
 */
export function runnable(name: string, network: Network, shapes: InputShapes, provider: Provider): Runnable {
  const suspects = obstacles(network.model, provider);
  if (suspects.size === 0) return { ...network, isFixed: false, onCpu: [] };
  const fixed = fixShapes(network.model, shapes);
  const before = obstacles(fixed, provider);
  const model = standardOperators(fixed, (node) => before.has(node));
  const after = obstacles(model, provider);
  for (const [node, { kind, why }] of after) {
    if (kind !== "missing") continue;
    throw new UserError(
      `${name} uses ${title(node)}, which cannot be run: ${why}.`,
      "Export the model in standard ONNX operators, without the optimisation for another kind of device.",
    );
  }
  const onCpu = stalls(model, after).map(([node, { why }]) => `${title(node)}, because ${why}`);
  if (![...before.keys()].some(isExpandable)) return { ...network, isFixed: false, onCpu };
  return {
    ...network,
    bytes: writeModel(model),
    model,
    inputs: describe(model).inputs,
    isFixed: true,
    onCpu,
  };
}

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
