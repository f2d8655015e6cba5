import { assert } from "../core/assert.ts";
import { int, ints } from "./attributes.ts";
import type { Builder } from "./builder.ts";
import { createBuilder } from "./builder.ts";
import type { DType } from "./dtype.ts";
import { DTYPES } from "./dtype.ts";
import type { Model } from "./model.ts";
import { int64s, scalarOf, sizeOf } from "./tensor.ts";

/**
 * Standard operators under their names, written as the model's operator set wants them. Only operators that ONNX
 * Runtime's WebGPU provider runs itself: no ConstantOfShape, Sign, variadic Sum, SpaceToDepth, integer arithmetic.
 */
export interface Ops extends Builder {
  add(a: string, b: string): string;
  sub(a: string, b: string): string;
  mul(a: string, b: string): string;
  div(a: string, b: string): string;
  neg(x: string): string;
  exp(x: string): string;
  sqrt(x: string): string;
  reciprocal(x: string): string;
  /** Multiplies by a number. */
  scale(x: string, factor: number): string;
  /** Adds a number. */
  shift(x: string, summand: number): string;
  /** A rank-0 constant of the element type of `like`. */
  scalar(value: number, like: string): string;
  /** Zeros of the type of `like`, without storing them. */
  zeros(like: string): string;
  less(a: string, b: string): string;
  greater(a: string, b: string): string;
  not(x: string): string;
  where(condition: string, then: string, otherwise: string): string;
  cast(x: string, to: DType): string;
  matMul(a: string, b: string): string;
  reshape(x: string, dims: readonly number[]): string;
  transpose(x: string, perm: readonly number[]): string;
  expand(x: string, dims: readonly number[]): string;
  concat(parts: readonly string[], axis: number): string;
  /** Elements start, start + step, … (count of them) along one axis. */
  slice(x: string, axis: number, start: number, count: number, step?: number): string;
  /** Zeros before and after each axis; negative numbers cut. */
  pad(x: string, begins: readonly number[], ends: readonly number[]): string;
  /** Sums over axes, which stay with size 1. */
  reduceSum(x: string, axes: readonly number[]): string;
  reduceMean(x: string, axes: readonly number[]): string;
  reduceSumSquare(x: string, axes: readonly number[]): string;
}

export function createOps(model: Model): Ops {
  const b = createBuilder(model);
  const binary = (op: string) => (x: string, y: string) => b.emit(op, [x, y]);
  const unary = (op: string) => (x: string) => b.emit(op, [x]);

  /** Axes moved from attributes to inputs, one reduction after the other. */
  const reduce = (op: string, axesAreInput: number) => (x: string, axes: readonly number[]) => {
    if (axes.length === 0 && op !== "ReduceSumSquare") return x;
    if (b.opset < axesAreInput) return b.emit(op, [x], { axes: ints(axes), keepdims: int(1) });
    return b.emit(op, [x, b.constant(int64s(axes), "axes")], { keepdims: int(1) });
  };

  const ops: Omit<Ops, keyof Builder> = {
    add: binary("Add"),
    sub: binary("Sub"),
    mul: binary("Mul"),
    div: binary("Div"),
    neg: unary("Neg"),
    exp: unary("Exp"),
    sqrt: unary("Sqrt"),
    reciprocal: unary("Reciprocal"),
    scale: (x, factor) => (factor === 1 ? x : ops.mul(x, ops.scalar(factor, x))),
    shift: (x, summand) => (summand === 0 ? x : ops.add(x, ops.scalar(summand, x))),
    scalar: (value, like) => b.constant(scalarOf(b.type(like).dtype, value), "scalar"),
    zeros: (like) => ops.expand(ops.scalar(0, like), b.dims(like)),
    less: binary("Less"),
    greater: binary("Greater"),
    not: unary("Not"),
    where: (condition, then, otherwise) => b.emit("Where", [condition, then, otherwise]),
    cast: (x, to) => (b.type(x).dtype === to ? x : b.emit("Cast", [x], { to: int(DTYPES[to].code) })),
    matMul: binary("MatMul"),
    reshape(x, dims) {
      assert(
        sizeOf(dims) === sizeOf(b.dims(x)),
        `cannot reshape [${b.dims(x).join(", ")}] to [${dims.join(", ")}]`,
      );
      return sameDims(b.dims(x), dims) ? x : b.emit("Reshape", [x, b.constant(int64s(dims), "shape")]);
    },
    transpose: (x, perm) =>
      perm.every((axis, i) => axis === i) ? x : b.emit("Transpose", [x], { perm: ints(perm) }),
    expand: (x, dims) =>
      sameDims(b.dims(x), dims) ? x : b.emit("Expand", [x, b.constant(int64s(dims), "shape")]),
    concat: (parts, axis) => (parts.length === 1 ? parts[0]! : b.emit("Concat", parts, { axis: int(axis) })),
    slice(x, axis, start, count, step = 1) {
      if (start === 0 && step === 1 && count === b.dims(x)[axis]) return x;
      const end = start + step * count;
      // Backwards to the very first element needs an end before it that is not taken as "one from the end".
      const limits = [start, step < 0 && end < 0 ? -(2 ** 31) : end, axis, step];
      return b.emit("Slice", [x, ...limits.map((value) => b.constant(int64s([value]), "slice"))]);
    },
    pad(x, begins, ends) {
      const pads = [...begins, ...ends];
      if (pads.every((size) => size === 0)) return x;
      if (b.opset < 11) return b.emit("Pad", [x], { pads: ints(pads) });
      return b.emit("Pad", [x, b.constant(int64s(pads), "pads")]);
    },
    reduceSum: reduce("ReduceSum", 13),
    reduceMean: reduce("ReduceMean", 18),
    reduceSumSquare: reduce("ReduceSumSquare", 18),
  };
  // Not a spread: `scope` is assigned to, and has to stay the builder's own.
  return Object.assign(b, ops);
}

export function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
