import { UserError } from "../../core/errors.ts";
import { prune } from "../graph.ts";
import { isKnown, propagate } from "../infer/propagate.ts";
import type { Dim, Model, ValueInfo } from "../model.ts";

/** Sizes of inputs by name. */
export type InputShapes = Readonly<Record<string, readonly number[]>>;

/**
 * Fixes the sizes of the inputs, computes all shape arithmetic and writes down the type of every value, so that
 * later passes see a static graph. Inputs that are not named take their sizes from the symbols they share with named
 * ones ("batch"). Throws a UserError where a size contradicts the model or is missing.
 */
export function fixShapes(model: Model, shapes: InputShapes = {}): Model {
  const { graph } = model;
  const names = graph.inputs.map(({ name }) => name);
  const stranger = Object.keys(shapes).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw new UserError(`The ONNX model has no input "${stranger}"; there are: ${names.join(", ")}`);
  }
  const symbols = bindSymbols(graph.inputs, shapes);
  const inputs = graph.inputs.map((input) => ({
    ...input,
    dims: resolve(input, shapes[input.name], symbols),
  }));

  const { types, folded } = propagate({ ...model, graph: { ...graph, inputs } });
  const outputNames = new Set(graph.outputs.map(({ name }) => name));
  const nodes = graph.nodes.filter((node) =>
    node.outputs.some((name) => name !== "" && (outputNames.has(name) || !folded.has(name))),
  );
  const made = new Set(nodes.flatMap((node) => node.outputs));
  return {
    ...model,
    graph: prune({
      ...graph,
      inputs,
      nodes,
      initializers: new Map([...graph.initializers, ...[...folded].filter(([name]) => !made.has(name))]),
      outputs: graph.outputs.map((output) => ({ ...output, ...types.get(output.name) })),
      values: new Map([...types].filter(([name]) => made.has(name) && !outputNames.has(name))),
    }),
  };
}

function bindSymbols(inputs: readonly ValueInfo[], shapes: InputShapes): Map<string, number> {
  const symbols = new Map<string, number>();
  for (const { name, dims } of inputs) {
    const shape = shapes[name];
    if (!shape || !dims) continue;
    dims.forEach((dim, axis) => {
      if (typeof dim === "string" && dim !== "" && shape[axis] !== undefined) symbols.set(dim, shape[axis]);
    });
  }
  return symbols;
}

function resolve(
  { name, dims }: ValueInfo,
  shape: readonly number[] | undefined,
  symbols: ReadonlyMap<string, number>,
): readonly number[] {
  const given = shape ?? dims?.map((dim) => (typeof dim === "string" ? (symbols.get(dim) ?? dim) : dim));
  if (!isKnown(given)) {
    throw new UserError(
      `The size of the ONNX model's input "${name}" [${given?.join(", ") ?? "?"}] is not fixed`,
    );
  }
  const fits = (dim: Dim, axis: number): boolean => typeof dim === "string" || dim === given[axis];
  if (dims && (dims.length !== given.length || !dims.every(fits))) {
    throw new UserError(
      `The ONNX model's input "${name}" takes [${dims.join(", ")}], not [${given.join(", ")}]`,
      "Choose a size that the model was made for.",
    );
  }
  return given;
}
