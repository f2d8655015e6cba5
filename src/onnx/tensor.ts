import { assert } from "../core/assert.ts";
import type { DType } from "./dtype.ts";
import { DTYPES } from "./dtype.ts";

/** A constant of a graph: initializer or tensor attribute. Row-major, little-endian. */
export interface OnnxTensor {
  readonly dtype: DType;
  readonly dims: readonly number[];
  /** The elements; usually a view into the model file. Empty for external data and strings. */
  readonly raw: Uint8Array;
  /** Where the elements lie when not in the model file: location, offset, length as ONNX spells them. */
  readonly external?: ReadonlyMap<string, string>;
  readonly strings?: readonly Uint8Array[];
}

export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** Bytes that a tensor's elements take, 4-bit types packed two to a byte. */
export function byteLength(dtype: DType, dims: readonly number[]): number {
  return Math.ceil((sizeOf(dims) * DTYPES[dtype].bits) / 8);
}

/** Makes a tensor; values are converted to the type (rounded for floats, not checked for integers). */
export function tensorOf(dtype: DType, dims: readonly number[], values: ArrayLike<number>): OnnxTensor {
  assert(values.length === sizeOf(dims), `tensor [${dims.join(", ")}] given ${values.length} values`);
  const { set, bits } = DTYPES[dtype];
  assert(set, `cannot make tensors of ${dtype}`);
  const raw = new Uint8Array(byteLength(dtype, dims));
  const view = new DataView(raw.buffer);
  for (let i = 0; i < values.length; i++) set(view, (i * bits) / 8, values[i]!);
  return { dtype, dims, raw };
}

/** A rank-0 constant. */
export function scalarOf(dtype: DType, value: number): OnnxTensor {
  return tensorOf(dtype, [], [value]);
}

/** A vector of int64, as shapes, axes and pads are given. */
export function int64s(values: readonly number[]): OnnxTensor {
  return tensorOf("int64", [values.length], values);
}

/** All elements as numbers, undefined when they are not in memory or not numbers. */
export function valuesOf(tensor: OnnxTensor): number[] | undefined {
  const { get, bits } = DTYPES[tensor.dtype];
  if (!get || tensor.external || tensor.strings) return undefined;
  const view = new DataView(tensor.raw.buffer, tensor.raw.byteOffset, tensor.raw.byteLength);
  return Array.from({ length: sizeOf(tensor.dims) }, (_, i) => get(view, (i * bits) / 8));
}
