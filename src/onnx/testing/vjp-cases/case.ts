import type { Attribute } from "../../model.ts";
import type { OnnxTensor } from "../../tensor.ts";
import { int64s, tensorOf } from "../../tensor.ts";
import type { NodeSpec } from "../build.ts";

/** A tiny graph whose gradient is checked by finite differences. */
export interface VjpCase {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly nodes: readonly NodeSpec[];
  readonly constants?: Readonly<Record<string, OnnxTensor>>;
  /** Inputs to differentiate by; all unless given. */
  readonly wrt?: readonly string[];
  readonly opset?: number;
  /**
   * How inputs are drawn: standard normal; positive (0.5 to 2); distinct, all elements of all inputs apart from each
   * other and from multiples of 0.1, for operators with kinks.
   */
  readonly draw?: "normal" | "positive" | "distinct";
  /** Operators that the WebGPU provider of this version has no kernel for, in the forward part itself. */
  readonly cpuOnly?: boolean;
}

export type VjpCases = Readonly<Record<string, VjpCase>>;

type Attributes = Readonly<Record<string, Attribute>>;

/** One node over inputs "x" (and constants named in `more`). */
export function one(
  op: string,
  more: readonly string[] = [],
  attributes: Attributes = {},
  domain = "",
): NodeSpec[] {
  return [{ op, inputs: ["x", ...more], outputs: ["y"], attributes, domain }];
}

/** Unary operators of the same shape, one case each. */
export function unaries(ops: readonly string[], rest: Omit<VjpCase, "inputs" | "nodes"> = {}): VjpCases {
  return Object.fromEntries(ops.map((op) => [op, { inputs: { x: [2, 3, 4] }, nodes: one(op), ...rest }]));
}

/** Fixed weights that look random but are the same everywhere. */
export function weights(dims: readonly number[], scale = 1): OnnxTensor {
  const count = dims.reduce((product, size) => product * size, 1);
  return tensorOf(
    "float32",
    dims,
    Array.from({ length: count }, (_, i) => scale * Math.sin(12.9898 * (i + 1))),
  );
}

export const shape = (...values: number[]): OnnxTensor => int64s(values);
