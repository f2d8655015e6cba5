import { UserError } from "../core/errors.ts";
import type { DType } from "./dtype.ts";
import type { Message } from "./proto/schema.ts";
import type { OnnxTensor } from "./tensor.ts";

/** A size, or the name of one that is fixed later; "" where the file does not say. */
export type Dim = number | string;

/** An input or output as seen from outside. */
export interface Port {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly Dim[];
}

/** Type of a value inside a graph; `dims` is absent when not even the rank is known. */
export interface ValueType {
  readonly dtype: DType;
  readonly dims?: readonly Dim[];
}

export interface ValueInfo extends ValueType {
  readonly name: string;
}

export type Attribute =
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "floats"; readonly value: readonly number[] }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "strings"; readonly value: readonly string[] }
  | { readonly kind: "tensor"; readonly value: OnnxTensor }
  | { readonly kind: "graph"; readonly value: Graph }
  /** Sparse tensors, types, references: carried along as they came. */
  | { readonly kind: "other"; readonly value: Message<"AttributeProto"> };

/** One operation. An optional input or output that is left out is the empty string. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** "" is ai.onnx. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface Graph {
  readonly name: string;
  /** In topological order, as ONNX demands. */
  readonly nodes: readonly GraphNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** What a caller has to feed: inputs that an initializer already fills (IR version 3) are not among them. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Declared types of values in between. */
  readonly values: ReadonlyMap<string, ValueType>;
  readonly unknown?: readonly Uint8Array[];
}

/** An ONNX model as passes see it. Passes never change one, they return another. */
export interface Model {
  readonly irVersion: number;
  readonly producer: string;
  /** Operator set versions by domain; "" is ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly graph: Graph;
  readonly unknown?: readonly Uint8Array[];
}

/** Version of the standard operators. */
export function opsetOf(model: Model): number {
  return model.opsets.get("")!;
}

/** What the model takes and gives: names, element types, sizes or their symbols. */
export function describe(model: Model): { inputs: Port[]; outputs: Port[] } {
  const port = (what: string) => (value: ValueInfo) => {
    if (value.dims) return { name: value.name, dtype: value.dtype, dims: value.dims };
    throw new UserError(`The model does not declare the shape of its ${what} "${value.name}"`);
  };
  return { inputs: model.graph.inputs.map(port("input")), outputs: model.graph.outputs.map(port("output")) };
}
