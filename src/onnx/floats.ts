import { assert } from "../core/assert.ts";
import type { DType } from "./dtype.ts";
import { floatsToHalves, halvesToFloats } from "./float16.ts";
import { sizeOf } from "./tensor.ts";
import type { OnnxTensor } from "./tensor.ts";

/** Types whose elements can be read as a Float32Array without loss, or nearly so. */
const READERS: Partial<Record<DType, (raw: ArrayBuffer) => Float32Array>> = {
  float32: (raw) => new Float32Array(raw),
  float16: (raw) => halvesToFloats(new Uint16Array(raw)),
  bfloat16: (raw) => new Float32Array(Uint32Array.from(new Uint16Array(raw), (bits) => bits << 16).buffer),
  float64: (raw) => Float32Array.from(new Float64Array(raw)),
};

export const holdsFloats = ({ dtype }: OnnxTensor): boolean => dtype in READERS;

/** Elements of a float tensor as float32. */
export function floatsOf(dtype: DType, raw: Uint8Array): Float32Array {
  const read = READERS[dtype];
  assert(read, `${dtype} is no float type`);
  const isWhole = raw.byteLength === raw.buffer.byteLength && raw.buffer instanceof ArrayBuffer;
  return read(isWhole ? (raw.buffer as ArrayBuffer) : raw.slice().buffer);
}

/** A float32 or float16 tensor, much faster than `tensorOf` for weights. */
export function floatTensor(
  dtype: "float32" | "float16",
  dims: readonly number[],
  values: Float32Array,
): OnnxTensor {
  assert(values.length === sizeOf(dims), `tensor [${dims.join(", ")}] given ${values.length} values`);
  const { buffer, byteOffset, byteLength } = dtype === "float32" ? values : floatsToHalves(values);
  return { dtype, dims, raw: new Uint8Array(buffer, byteOffset, byteLength) };
}
