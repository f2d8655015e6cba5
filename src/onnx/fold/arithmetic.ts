import { getInt } from "../attributes.ts";
import { isFloat } from "../dtype.ts";
import { reducedAxes } from "../infer/reduce.ts";
import { broadcastSource, eachIndex } from "./strides.ts";
import type { FoldContext, FoldRule, FoldTable } from "./rule.ts";

const UNARY: Record<string, (x: number) => number> = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Cos: Math.cos,
  Exp: Math.exp,
  Floor: Math.floor,
  Log: Math.log,
  Neg: (x) => -x,
  Not: (x) => (x ? 0 : 1),
  Reciprocal: (x) => 1 / x,
  Sin: Math.sin,
  Sqrt: Math.sqrt,
};

const BINARY: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Pow: (a, b) => a ** b,
  Max: Math.max,
  Min: Math.min,
  And: (a, b) => (a && b ? 1 : 0),
  Or: (a, b) => (a || b ? 1 : 0),
  Equal: (a, b) => (a === b ? 1 : 0),
  Less: (a, b) => (a < b ? 1 : 0),
  LessOrEqual: (a, b) => (a <= b ? 1 : 0),
  Greater: (a, b) => (a > b ? 1 : 0),
  GreaterOrEqual: (a, b) => (a >= b ? 1 : 0),
};

const REDUCTIONS: Record<string, { start: number; step: (sum: number, x: number) => number }> = {
  ReduceSum: { start: 0, step: (sum, x) => sum + x },
  ReduceProd: { start: 1, step: (product, x) => product * x },
  ReduceMax: { start: -Infinity, step: Math.max },
  ReduceMin: { start: Infinity, step: Math.min },
};

function unary(of: (x: number) => number): FoldRule {
  return ({ inputs }) => [inputs[0]!.values.map(of)];
}

/** Applies left to right, which covers the variadic Max and Min as well. */
function binary(of: (a: number, b: number) => number): FoldRule {
  return ({ inputs, outputs }) => {
    const operands = inputs.map((operand) => ({
      at: broadcastSource(operand!.dims),
      values: operand!.values,
    }));
    const result: number[] = [];
    eachIndex(outputs[0]!.dims, (index) => {
      result.push(operands.map(({ at, values }) => values[at(index)]!).reduce((a, b) => of(a, b)));
    });
    return [result];
  };
}

/** Integer division truncates towards zero. */
const divide: FoldRule = (context) => {
  const whole = !isFloat(context.outputs[0]!.dtype);
  return binary((a, b) => (whole ? Math.trunc(a / b) : a / b))(context);
};

/** Takes its sign from the divisor, or with `fmod` from the dividend. */
const modulo: FoldRule = (context) =>
  binary(getInt(context.node, "fmod") ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b))(context);

const where: FoldRule = ({ inputs, outputs }) => {
  const [condition, then, otherwise] = inputs.map((operand) => broadcastSource(operand!.dims));
  const result: number[] = [];
  eachIndex(outputs[0]!.dims, (index) => {
    const taken = inputs[0]!.values[condition!(index)];
    result.push(taken ? inputs[1]!.values[then!(index)]! : inputs[2]!.values[otherwise!(index)]!);
  });
  return [result];
};

const cast: FoldRule = ({ inputs, outputs }) => {
  const { dtype } = outputs[0]!;
  if (dtype === "bool") return [inputs[0]!.values.map((x) => (x ? 1 : 0))];
  return [isFloat(dtype) ? inputs[0]!.values : inputs[0]!.values.map(Math.trunc)];
};

function reduction({ start, step }: (typeof REDUCTIONS)[string]): FoldRule {
  return ({ node, inputs, constant }: FoldContext) => {
    const { dims, values } = inputs[0]!;
    const axes = reducedAxes(node, dims.length, constant(1));
    const kept = dims.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const at = broadcastSource(kept);
    const result = Array.from({ length: kept.reduce((a, b) => a * b, 1) }, () => start);
    eachIndex(dims, (index, flat) => {
      result[at(index)] = step(result[at(index)]!, values[flat]!);
    });
    return [result];
  };
}

function table<T>(entries: Record<string, T>, rule: (entry: T) => FoldRule): FoldTable {
  return Object.fromEntries(Object.entries(entries).map(([op, entry]) => [op, rule(entry)]));
}

export const arithmetic: FoldTable = {
  ...table(UNARY, unary),
  ...table(BINARY, binary),
  ...table(REDUCTIONS, reduction),
  Div: divide,
  Mod: modulo,
  Where: where,
  Cast: cast,
};
