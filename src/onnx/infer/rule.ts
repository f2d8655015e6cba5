import { UserError } from "../../core/errors.ts";
import { title } from "../attributes.ts";
import type { DType } from "../dtype.ts";
import type { GraphNode } from "../model.ts";

/** Element type and sizes of a value, all known. */
export interface TensorType {
  readonly dtype: DType;
  readonly dims: readonly number[];
}

/** What a node's output types follow from. */
export interface InferContext {
  readonly node: GraphNode;
  /** Version of the node's operator set. */
  readonly opset: number;
  /** Undefined where an optional input is left out. Inputs that are there have types. */
  readonly inputs: readonly (TensorType | undefined)[];
  /** Contents of a constant input; undefined when it is left out or computed at run time. */
  constant(index: number): readonly number[] | undefined;
}

/**
 * Types of a node's outputs, undefined where they depend on what is known only at run time. Throws a UserError where
 * the inputs do not fit together.
 */
export type InferRule = (context: InferContext) => readonly (TensorType | undefined)[] | undefined;

export type InferTable = Readonly<Record<string, InferRule>>;

/** The same rule for several operators. */
export function forEach(ops: readonly string[], rule: InferRule): InferTable {
  return Object.fromEntries(ops.map((op) => [op, rule]));
}

export function input({ node, inputs }: InferContext, index: number): TensorType {
  const type = inputs[index];
  if (!type) throw new UserError(`${title(node)} lacks its input ${index}`);
  return type;
}

/** NumPy's broadcasting, which ONNX shares. */
export function broadcast(node: GraphNode, shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1).filter((size) => size !== 1);
    if (sizes.some((size) => size !== sizes[0])) {
      const list = shapes.map((shape) => `[${shape.join(", ")}]`).join(" and ");
      throw new UserError(`${title(node)} cannot combine shapes ${list}`);
    }
    return sizes[0] ?? 1;
  });
}

/** A shape with some axes replaced. */
export function withAxes(dims: readonly number[], changes: Iterable<readonly [number, number]>): number[] {
  const result = [...dims];
  for (const [axis, size] of changes) result[axis] = size;
  return result;
}

/** Axes given as an input in newer operator sets and as an attribute in older ones. */
export function withoutAxes(dims: readonly number[], axes: readonly number[]): number[] {
  return dims.filter((_, axis) => !axes.includes(axis));
}
