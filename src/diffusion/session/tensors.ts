import { assert, assertShape } from "../../core/assert.ts";
import { halfToNumber, numberToHalf } from "../../onnx/float16.ts";

/** Element types that inputs and outputs of diffusion models have. */
export type DType = "float32" | "float16" | "int64" | "int32" | "uint8" | "bool";

type Bits = Float32Array | Uint16Array | BigInt64Array | Int32Array | Uint8Array;

interface Conversion {
  readonly encode: (values: ArrayLike<number>) => Bits;
  readonly decode: (bits: never) => Float32Array;
}

const CONVERSIONS: Readonly<Record<DType, Conversion>> = {
  float32: {
    encode: (values) => (values instanceof Float32Array ? values : Float32Array.from(values)),
    decode: (bits: Float32Array) => bits,
  },
  float16: {
    encode: (values) => Uint16Array.from(values, numberToHalf),
    // Where the engine has Float16Array, ONNX Runtime answers with one.
    decode: (bits: Uint16Array | Float32Array) =>
      bits instanceof Uint16Array ? Float32Array.from(bits, halfToNumber) : Float32Array.from(bits),
  },
  int64: {
    encode: (values) => BigInt64Array.from(Array.from(values, (value) => BigInt(Math.round(value)))),
    decode: (bits: BigInt64Array) => Float32Array.from(bits, Number),
  },
  int32: {
    encode: (values) => Int32Array.from(values),
    decode: (bits: Int32Array) => Float32Array.from(bits),
  },
  uint8: {
    encode: (values) => Uint8Array.from(values),
    decode: (bits: Uint8Array) => Float32Array.from(bits),
  },
  bool: {
    encode: (values) => Uint8Array.from(values),
    decode: (bits: Uint8Array) => Float32Array.from(bits),
  },
};

export const isDType = (name: string): name is DType => Object.hasOwn(CONVERSIONS, name);

/** Numbers as the element type a model declares. */
export function encodeElements(
  name: string,
  dtype: DType,
  values: ArrayLike<number>,
  dims: readonly number[],
): Bits {
  assertShape(name, values, dims);
  return CONVERSIONS[dtype].encode(values);
}

/** A model's output as float32. */
export function decodeElements(name: string, dtype: string, bits: unknown): Float32Array {
  assert(isDType(dtype), `output ${name} has element type ${dtype}, which is not read`);
  return CONVERSIONS[dtype].decode(bits as never);
}
