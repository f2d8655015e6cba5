import type { GraphNode } from "../model.ts";
import type { OnnxTensor } from "../tensor.ts";
import type { Weight } from "./weights.ts";

/** What a weight becomes. */
export interface Replacement {
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** Nodes that depend on constants alone, for the start of the graph. */
  readonly prologue: readonly GraphNode[];
  /** Nodes to put in the place of consumers. */
  readonly consumers: ReadonlyMap<GraphNode, readonly GraphNode[]>;
}

export interface FormContext {
  /** Of ai.onnx. */
  readonly opset: number;
  fresh(hint: string): string;
}

/** A way to store a weight. Takes its elements as float32, in the order of its dims. */
export type Form = (weight: Weight, values: Float32Array, context: FormContext) => Replacement;

/** DequantizeLinear takes an axis since 13. */
export const FIRST_OPSET = 13;
