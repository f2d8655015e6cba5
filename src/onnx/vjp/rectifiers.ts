import { getFloat } from "../attributes.ts";
import type { Ops } from "../ops.ts";
import { isPositive, oneMinus, pointwise } from "./pointwise.ts";
import type { VjpRule, VjpTable } from "./rule.ts";
import { unbroadcast } from "./rule.ts";

/** v where low < x < high (or on the bound, as PyTorch's clamp has it), else 0. Either bound may be absent. */
function gate(b: Ops, x: string, v: string, low: string | undefined, high: string | undefined): string {
  const zero = b.scalar(0, v);
  const above = low ? b.where(b.less(x, low), zero, v) : v;
  return high ? b.where(b.greater(x, high), zero, above) : above;
}

/** Bounds are attributes before operator set 11, optional inputs after. */
const clip: VjpRule = ({ b, v, node, inputs }) => {
  const x = inputs[0]!;
  const bound = (name: string, index: number): string | undefined => {
    const attribute = getFloat(node, name);
    return attribute === undefined ? inputs[index] || undefined : b.scalar(attribute, x);
  };
  return [() => gate(b, x, v, bound("min", 1), bound("max", 2))];
};

/** y = x for x ≥ 0, else slope · x, slope broadcast to x. */
const pRelu: VjpRule = ({ b, v, inputs }) => {
  const [x, slope] = inputs as [string, string];
  return [
    () => b.where(isPositive(b, x), v, b.mul(v, slope)),
    () => unbroadcast(b, b.where(isPositive(b, x), b.scalar(0, v), b.mul(v, x)), b.dims(slope)),
  ];
};

/** y = clip(αx + β, 0, 1) */
function hardSigmoidSlope(b: Ops, x: string, v: string, alpha: number, beta: number): string {
  return gate(b, x, b.scale(v, alpha), b.scalar(-beta / alpha, x), b.scalar((1 - beta) / alpha, x));
}

/** Functions with kinks. At a kink they take the derivative that PyTorch takes. */
export const rectifiers: VjpTable = {
  Relu: pointwise((b, v, x) => b.where(isPositive(b, x), v, b.scalar(0, v))),
  LeakyRelu: pointwise((b, v, x, _, node) => {
    return b.where(isPositive(b, x), v, b.scale(v, getFloat(node, "alpha") ?? 0.01));
  }),
  PRelu: pRelu,
  /** y = x for x > 0, else α(eˣ − 1), whose derivative is y + α */
  Elu: pointwise((b, v, x, y, node) => {
    return b.where(isPositive(b, x), v, b.mul(v, b.shift(y, getFloat(node, "alpha") ?? 1)));
  }),
  Abs: pointwise((b, v, x) => {
    const negative = b.where(b.less(x, b.scalar(0, x)), b.neg(v), b.scalar(0, v));
    return b.where(isPositive(b, x), v, negative);
  }),
  Clip: clip,
  HardSigmoid: pointwise((b, v, x, _, node) =>
    hardSigmoidSlope(b, x, v, getFloat(node, "alpha") ?? 0.2, getFloat(node, "beta") ?? 0.5),
  ),
  /** y = x · h, h = clip(x/6 + 1/2, 0, 1) */
  HardSwish: pointwise((b, v, x) => {
    const h = b.emit("HardSigmoid", [x], { alpha: { kind: "float", value: 1 / 6 } });
    return b.add(b.mul(v, h), hardSigmoidSlope(b, x, b.mul(v, x), 1 / 6, 0.5));
  }),
  /** y = x σ(αx): σ + αx σ (1 − σ) */
  Swish: pointwise((b, v, x, _, node) => swish(b, v, x, getFloat(node, "alpha") ?? 1)),
  "com.microsoft.QuickGelu": pointwise((b, v, x, _, node) =>
    swish(b, v, x, getFloat(node, "alpha") ?? 1.702),
  ),
};

function swish(b: Ops, v: string, x: string, alpha: number): string {
  const scaled = b.scale(x, alpha);
  const sigma = b.emit("Sigmoid", [scaled]);
  return b.mul(v, b.mul(sigma, b.shift(b.mul(scaled, oneMinus(b, sigma)), 1)));
}
