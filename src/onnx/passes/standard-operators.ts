import { UserError } from "../../core/errors.ts";
import { title } from "../attributes.ts";
import { readsOf } from "../graph.ts";
import { ruleName } from "../infer/index.ts";
import type { GraphNode, Model } from "../model.ts";
import { createOps } from "../ops.ts";
import { arithmetic } from "./standard/arithmetic.ts";
import { attention } from "./standard/attention.ts";
import type { ExpansionTable } from "./standard/expansion.ts";
import { groupNormalizations } from "./standard/group-normalization.ts";
import { products } from "./standard/products.ts";
import { transformer } from "./standard/transformer.ts";

/** Operators that can be written in others; most are what ONNX Runtime's transformer tools and Olive fuse. */
const EXPANSIONS: ExpansionTable = {
  ...arithmetic,
  ...attention,
  ...groupNormalizations,
  ...products,
  ...transformer,
};

/** Whether `standardOperators` knows how to write a node in other operators. */
export const isExpandable = (node: GraphNode): boolean => Object.hasOwn(EXPANSIONS, ruleName(node));

/**
 * Writes fused operators in standard ones of ai.onnx, all that are known or those that `wanted` picks.
 * Takes a model with fixed sizes.
 */
export function standardOperators(model: Model, wanted: (node: GraphNode) => boolean = () => true): Model {
  const { graph } = model;
  const chosen = new Set(graph.nodes.filter((node) => isExpandable(node) && wanted(node)));
  if (chosen.size === 0) return model;
  const read = new Set([...graph.nodes.flatMap(readsOf), ...graph.outputs.map(({ name }) => name)]);
  const b = createOps(model);
  for (const node of graph.nodes) {
    if (!chosen.has(node)) {
      b.keep(node);
      continue;
    }
    b.scope = node.name;
    const values = EXPANSIONS[ruleName(node)]!(b, node);
    b.scope = "";
    node.outputs.forEach((output, i) => {
      if (!output || !read.has(output)) return;
      const value = values[i];
      if (value === undefined)
        throw new UserError(`${title(node)} gives "${output}", which is not supported`);
      b.emit("Identity", [value], {}, { outputs: [output] });
    });
  }
  return b.finish(graph.outputs.map(({ name }) => name));
}
