import { UserError } from "../../core/errors.ts";
import { title } from "../attributes.ts";
import type { Graph, Model } from "../model.ts";

/**
 * Checks what every later pass takes for granted: an operator set is named, values are made once and before they are
 * read, outputs exist. Throws a UserError that names the first offender.
 */
export function checkModel(model: Model): Model {
  if (!model.opsets.get(""))
    throw new UserError("The ONNX model does not say which ai.onnx operator set it uses");
  if (model.graph.outputs.length === 0) throw new UserError("The ONNX model has no outputs");
  checkGraph(model.graph, new Set());
  return model;
}

function checkGraph(graph: Graph, outer: ReadonlySet<string>): void {
  const known = new Set([
    ...outer,
    "",
    ...graph.initializers.keys(),
    ...graph.inputs.map(({ name }) => name),
  ]);
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (!known.has(input))
        throw new UserError(`${title(node)} reads "${input}", which nothing before it makes`);
    }
    for (const attribute of node.attributes.values()) {
      if (attribute.kind === "graph") checkGraph(attribute.value, known);
    }
    for (const output of node.outputs) {
      if (output && known.has(output)) throw new UserError(`${title(node)} makes "${output}" a second time`);
      known.add(output);
    }
  }
  for (const { name } of graph.outputs) {
    if (!known.has(name)) throw new UserError(`Nothing in the ONNX model makes its output "${name}"`);
  }
}
