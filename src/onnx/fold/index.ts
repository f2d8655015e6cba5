import { ruleName } from "../infer/index.ts";
import type { GraphNode } from "../model.ts";
import { arithmetic } from "./arithmetic.ts";
import { layout } from "./layout.ts";
import type { FoldRule, FoldTable } from "./rule.ts";

const RULES: FoldTable = { ...arithmetic, ...layout };

/** How to compute an operator on small constants; undefined where that is never worth it. */
export function foldRule(node: GraphNode): FoldRule | undefined {
  const name = ruleName(node);
  return Object.hasOwn(RULES, name) ? RULES[name] : undefined;
}
