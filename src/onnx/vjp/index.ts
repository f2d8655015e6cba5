import { ruleName } from "../infer/index.ts";
import type { GraphNode } from "../model.ts";
import { arithmetic } from "./arithmetic.ts";
import { convolutions } from "./convolution.ts";
import { gelus } from "./gelu.ts";
import { indexing } from "./indexing.ts";
import { layout } from "./layout.ts";
import { linear } from "./linear.ts";
import { normalizations } from "./normalization.ts";
import { smooth } from "./pointwise.ts";
import { rectifiers } from "./rectifiers.ts";
import { reductions } from "./reductions.ts";
import { resampling } from "./resampling.ts";
import type { VjpRule, VjpTable } from "./rule.ts";

/** Every operator a gradient can be pulled back through. */
export const VJP_RULES: VjpTable = {
  ...arithmetic,
  ...convolutions,
  ...gelus,
  ...indexing,
  ...layout,
  ...linear,
  ...normalizations,
  ...rectifiers,
  ...reductions,
  ...resampling,
  ...smooth,
};

/** Piecewise constant operators: whatever depends on the input through them alone has the gradient zero. */
// prettier-ignore
const FLAT = new Set([
  "Shape", "Size", "Floor", "Ceil", "Round", "Sign", "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Not",
  "And", "Or", "Xor", "IsNaN", "IsInf", "ArgMax", "ArgMin", "NonZero", "ConstantOfShape", "RandomNormalLike",
  "RandomUniformLike", "EyeLike", "OneHot",
]);

export function vjpRule(node: GraphNode): VjpRule | undefined {
  const name = ruleName(node);
  return Object.hasOwn(VJP_RULES, name) ? VJP_RULES[name] : undefined;
}

export function isFlat(node: GraphNode): boolean {
  return FLAT.has(ruleName(node));
}
