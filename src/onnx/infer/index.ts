import type { GraphNode } from "../model.ts";
import { elementwise } from "./elementwise.ts";
import { fused } from "./fused.ts";
import { indexing } from "./indexing.ts";
import { layout } from "./layout.ts";
import { linear } from "./linear.ts";
import { reductions } from "./reduce.ts";
import type { InferRule, InferTable } from "./rule.ts";
import { sources } from "./sources.ts";
import { windows } from "./window.ts";

const RULES: InferTable = {
  ...elementwise,
  ...fused,
  ...indexing,
  ...layout,
  ...linear,
  ...reductions,
  ...sources,
  ...windows,
};

/** An operator's name in the tables of rules: the plain name for ai.onnx, "domain.Name" for others. */
export function ruleName(node: Pick<GraphNode, "op" | "domain">): string {
  return node.domain ? `${node.domain}.${node.op}` : node.op;
}

/** How an operator's output types follow from its inputs; undefined for operators we do not know. */
export function inferRule(node: GraphNode): InferRule | undefined {
  const name = ruleName(node);
  return Object.hasOwn(RULES, name) ? RULES[name] : undefined;
}
