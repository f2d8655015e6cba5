import { UserError } from "../../core/errors.ts";
import { title } from "../attributes.ts";
import type { GraphNode } from "../model.ts";
import type { Ops } from "../ops.ts";

/** A node on the path from the input to the output, seen by the rule that pulls a cotangent back through it. */
export interface VjpNode {
  readonly node: GraphNode;
  /** Writes nodes of the gradient graph. */
  readonly b: Ops;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Cotangents of the outputs; undefined where an output does not matter. At least one is there. */
  readonly cotangents: readonly (string | undefined)[];
  /** Cotangent of the first output; a UserError if it is another one that matters. */
  readonly v: string;
}

/** Writes the nodes that compute one input's cotangent and returns its name. */
export type Pullback = () => string;

/**
 * How an operator pulls a cotangent back: one pullback per input, of which only those on the path are called.
 * Undefined means that the gradient towards that input is not implemented.
 */
export type VjpRule = (node: VjpNode) => readonly (Pullback | undefined)[];
export type VjpTable = Readonly<Record<string, VjpRule>>;

/** A UserError about what a rule cannot do, naming operator and node. */
export function unsupported(node: GraphNode, what: string): UserError {
  return new UserError(
    `${title(node)}: ${what}`,
    "Its gradient is not available; use another model, or edits that do not need the encoder's gradient.",
  );
}

/** Undoes broadcasting: sums a cotangent over the axes along which an operand of shape `dims` was repeated. */
export function unbroadcast(b: Ops, v: string, dims: readonly number[]): string {
  const from = b.dims(v);
  const lead = from.length - dims.length;
  const axes = from.flatMap((size, axis) =>
    axis < lead || (size !== 1 && dims[axis - lead] === 1) ? [axis] : [],
  );
  return b.reshape(b.reduceSum(v, axes), dims);
}

/**
 * Runs a formula in float32: sums over many elements lose too much in half precision.
 * The result is given back in the type of the first value.
 */
export function inFloat32(
  b: Ops,
  values: readonly string[],
  formula: (...values: string[]) => string,
): string {
  const { dtype } = b.type(values[0]!);
  if (dtype !== "float16") return formula(...values);
  return b.cast(formula(...values.map((value) => b.cast(value, "float32"))), dtype);
}
