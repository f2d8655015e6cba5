import type { GraphNode } from "../model.ts";
import type { Ops } from "../ops.ts";
import type { VjpRule, VjpTable } from "./rule.ts";

/** A rule for y = f(x), from the cotangent v of y to the cotangent of x. */
export function pointwise(
  pull: (b: Ops, v: string, x: string, y: string, node: GraphNode) => string,
): VjpRule {
  return ({ b, v, inputs, outputs, node }) => [() => pull(b, v, inputs[0]!, outputs[0]!, node)];
}

export const square = (b: Ops, x: string): string => b.mul(x, x);
export const oneMinus = (b: Ops, x: string): string => b.sub(b.scalar(1, x), x);
export const isPositive = (b: Ops, x: string): string => b.greater(x, b.scalar(0, x));

/** Smooth functions of one variable. */
export const smooth: VjpTable = {
  Neg: pointwise((b, v) => b.neg(v)),
  Exp: pointwise((b, v, _, y) => b.mul(v, y)),
  Log: pointwise((b, v, x) => b.div(v, x)),
  Sqrt: pointwise((b, v, _, y) => b.scale(b.div(v, y), 0.5)),
  Reciprocal: pointwise((b, v, _, y) => b.neg(b.mul(v, square(b, y)))),
  Sin: pointwise((b, v, x) => b.mul(v, b.emit("Cos", [x]))),
  Cos: pointwise((b, v, x) => b.neg(b.mul(v, b.emit("Sin", [x])))),
  /** erf′ = 2/√π · exp(−x²) */
  Erf: pointwise((b, v, x) => b.mul(v, b.scale(b.exp(b.neg(square(b, x))), 2 / Math.sqrt(Math.PI)))),
  /** tanh′ = 1 − tanh² */
  Tanh: pointwise((b, v, _, y) => b.mul(v, oneMinus(b, square(b, y)))),
  /** σ′ = σ (1 − σ) */
  Sigmoid: pointwise((b, v, _, y) => b.mul(v, b.mul(y, oneMinus(b, y)))),
  /** ln(1 + eˣ)′ = σ */
  Softplus: pointwise((b, v, x) => b.mul(v, b.emit("Sigmoid", [x]))),
};
