import { isFloat } from "../dtype.ts";
import type { Ops } from "../ops.ts";
import type { VjpRule, VjpTable } from "./rule.ts";
import { unbroadcast, unsupported } from "./rule.ts";

type Derivative = (b: Ops, v: string, operands: readonly string[], y: string) => string;

/** A rule from the cotangent of each operand at the broadcast shape. */
function broadcasting(...derivatives: Derivative[]): VjpRule {
  return ({ b, v, inputs, outputs }) =>
    inputs.map((x, i) => () => unbroadcast(b, derivatives[i]!(b, v, inputs, outputs[0]!), b.dims(x)));
}

/** z = x^e: v·e·x^(e−1) towards x, v·z·log x towards e. Small whole exponents need no power, and none of negative x. */
const pow: VjpRule = ({ b, v, inputs, outputs }) => {
  const [x, e] = inputs as [string, string];
  const exponents = b.values(e);
  const constant = exponents?.length === 1 ? exponents[0] : undefined;
  const towardsBase = (): string => {
    if (constant === 2) return b.scale(b.mul(v, x), 2);
    if (constant === 0.5) return b.scale(b.div(v, outputs[0]!), 0.5);
    if (constant !== undefined) {
      const less = b.emit("Pow", [x, b.scalar(constant - 1, x)]);
      return b.scale(b.mul(v, less), constant);
    }
    const exponent = b.cast(e, b.type(x).dtype);
    return b.mul(v, b.mul(exponent, b.emit("Pow", [x, b.shift(exponent, -1)])));
  };
  return [
    () => unbroadcast(b, towardsBase(), b.dims(x)),
    () => unbroadcast(b, b.mul(v, b.mul(outputs[0]!, b.emit("Log", [x]))), b.dims(e)),
  ];
};

/** Shares the cotangent equally among the operands that attain the extremum. */
function extremum(compare: "less" | "greater"): VjpRule {
  return ({ b, v, inputs, outputs }) => {
    if (inputs.length === 1) return [() => v];
    const { dtype } = b.type(v);
    let masks: string[] | undefined;
    const share = (): string[] =>
      (masks ??= inputs.map((x) => b.cast(b.not(b[compare](x, outputs[0]!)), dtype)));
    let perWinner: string | undefined;
    return inputs.map((x, i) => () => {
      perWinner ??= b.div(
        v,
        share().reduce((count, mask) => b.add(count, mask)),
      );
      return unbroadcast(b, b.mul(perWinner, share()[i]!), b.dims(x));
    });
  };
}

const where: VjpRule = ({ b, v, inputs }) => {
  const [condition, then, otherwise] = inputs as [string, string, string];
  const zero = b.scalar(0, v);
  return [
    undefined,
    () => unbroadcast(b, b.where(condition, v, zero), b.dims(then)),
    () => unbroadcast(b, b.where(condition, zero, v), b.dims(otherwise)),
  ];
};

const passFirst: VjpRule = ({ v }) => [() => v];

/** y = x in another precision. Conversions to integers have no gradient and are never on a path. */
const cast: VjpRule = ({ b, v, node, inputs }) => {
  const { dtype } = b.type(inputs[0]!);
  if (!isFloat(dtype)) throw unsupported(node, `no gradient from ${dtype}`);
  return [() => b.cast(v, dtype), undefined];
};

/** Elementwise operators of several operands, NumPy broadcasting. */
export const arithmetic: VjpTable = {
  Add: broadcasting(
    (_, v) => v,
    (_, v) => v,
  ),
  Sub: broadcasting(
    (_, v) => v,
    (b, v) => b.neg(v),
  ),
  Mul: broadcasting(
    (b, v, [, y]) => b.mul(v, y!),
    (b, v, [x]) => b.mul(v, x!),
  ),
  /** z = x/y: v/y and −v·z/y. */
  Div: broadcasting(
    (b, v, [, y]) => b.div(v, y!),
    (b, v, [, y], z) => b.neg(b.div(b.mul(v, z), y!)),
  ),
  Pow: pow,
  Sum: ({ b, v, inputs }) => inputs.map((x) => () => unbroadcast(b, v, b.dims(x))),
  Mean: ({ b, v, inputs }) =>
    inputs.map((x) => () => unbroadcast(b, b.scale(v, 1 / inputs.length), b.dims(x))),
  Max: extremum("less"),
  Min: extremum("greater"),
  Where: where,
  Cast: cast,
  CastLike: cast,
  Identity: passFirst,
  /** At inference nothing is dropped. */
  Dropout: passFirst,
};
