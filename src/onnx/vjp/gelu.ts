import { getText } from "../attributes.ts";
import type { Ops } from "../ops.ts";
import { oneMinus, pointwise, square } from "./pointwise.ts";
import type { VjpRule, VjpTable } from "./rule.ts";
import { unbroadcast } from "./rule.ts";

/** x Φ(x), Φ the normal distribution: Φ + x φ. Hendrycks and Gimpel, "Gaussian Error Linear Units", eq. 2. */
function exact(b: Ops, v: string, x: string): string {
  const cdf = b.scale(b.shift(b.emit("Erf", [b.scale(x, Math.SQRT1_2)]), 1), 0.5);
  const density = b.scale(b.exp(b.scale(square(b, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return b.mul(v, b.add(cdf, b.mul(x, density)));
}

/** ½x(1 + tanh u), u = √(2/π)(x + 0.044715x³): ½(1 + t) + ½x(1 − t²)u′. The same paper's approximation. */
function approximate(b: Ops, v: string, x: string): string {
  const root = Math.sqrt(2 / Math.PI);
  const x2 = square(b, x);
  const u = b.scale(b.mul(x, b.shift(b.scale(x2, 0.044715), 1)), root);
  const slope = b.scale(b.shift(b.scale(x2, 3 * 0.044715), 1), root);
  const t = b.emit("Tanh", [u]);
  const inner = b.mul(b.mul(x, oneMinus(b, square(b, t))), slope);
  return b.mul(v, b.scale(b.add(b.shift(t, 1), inner), 0.5));
}

/** The fused operators of ONNX Runtime's optimiser add a bias first. */
function biased(formula: typeof exact): VjpRule {
  return ({ b, v, inputs }) => {
    const [x, bias] = inputs as [string, string | undefined];
    let shared: string | undefined;
    const pull = (): string => (shared ??= formula(b, v, bias ? b.add(x, bias) : x));
    return [pull, bias ? () => unbroadcast(b, pull(), b.dims(bias)) : undefined];
  };
}

export const gelus: VjpTable = {
  Gelu: pointwise((b, v, x, _, node) =>
    (getText(node, "approximate") === "tanh" ? approximate : exact)(b, v, x),
  ),
  "com.microsoft.Gelu": pointwise(exact),
  "com.microsoft.BiasGelu": biased(exact),
  "com.microsoft.FastGelu": biased(approximate),
};
