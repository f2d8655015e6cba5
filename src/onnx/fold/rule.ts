import type { GraphNode } from "../model.ts";
import type { TensorType } from "../infer/rule.ts";

/** A small constant as numbers. */
export interface Constant extends TensorType {
  readonly values: readonly number[];
}

export interface FoldContext {
  readonly node: GraphNode;
  readonly opset: number;
  /** All inputs are constant; undefined where an optional one is left out. */
  readonly inputs: readonly (Constant | undefined)[];
  readonly outputs: readonly TensorType[];
  constant(index: number): readonly number[] | undefined;
}

/** Elements of each output. Rounding to the output's type is the caller's. */
export type FoldRule = (context: FoldContext) => readonly (readonly number[])[];
export type FoldTable = Readonly<Record<string, FoldRule>>;
