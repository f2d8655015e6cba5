import { UserError } from "../core/errors.ts";
import { halfToNumber, numberToHalf } from "./float16.ts";

/** Element types by the names onnxruntime uses. */
export type DType =
  | "float32"
  | "float16"
  | "bfloat16"
  | "float64"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "bool"
  | "string"
  | "uint4"
  | "int4";

export interface DTypeInfo {
  /** TensorProto.DataType. */
  readonly code: number;
  readonly bits: number;
  /** Little-endian element access, for the types graph passes compute with. 64-bit integers are exact up to 2^53. */
  readonly get?: (view: DataView, offset: number) => number;
  readonly set?: (view: DataView, offset: number, value: number) => void;
}

export const DTYPES: Record<DType, DTypeInfo> = {
  float32: {
    code: 1,
    bits: 32,
    get: (v, o) => v.getFloat32(o, true),
    set: (v, o, x) => v.setFloat32(o, x, true),
  },
  uint8: { code: 2, bits: 8, get: (v, o) => v.getUint8(o), set: (v, o, x) => v.setUint8(o, x) },
  int8: { code: 3, bits: 8, get: (v, o) => v.getInt8(o), set: (v, o, x) => v.setInt8(o, x) },
  uint16: {
    code: 4,
    bits: 16,
    get: (v, o) => v.getUint16(o, true),
    set: (v, o, x) => v.setUint16(o, x, true),
  },
  int16: { code: 5, bits: 16, get: (v, o) => v.getInt16(o, true), set: (v, o, x) => v.setInt16(o, x, true) },
  int32: { code: 6, bits: 32, get: (v, o) => v.getInt32(o, true), set: (v, o, x) => v.setInt32(o, x, true) },
  int64: {
    code: 7,
    bits: 64,
    get: (v, o) => Number(v.getBigInt64(o, true)),
    set: (v, o, x) => v.setBigInt64(o, toInt64(x), true),
  },
  string: { code: 8, bits: 0 },
  bool: { code: 9, bits: 8, get: (v, o) => v.getUint8(o), set: (v, o, x) => v.setUint8(o, x ? 1 : 0) },
  float16: {
    code: 10,
    bits: 16,
    get: (v, o) => halfToNumber(v.getUint16(o, true)),
    set: (v, o, x) => v.setUint16(o, numberToHalf(x), true),
  },
  float64: {
    code: 11,
    bits: 64,
    get: (v, o) => v.getFloat64(o, true),
    set: (v, o, x) => v.setFloat64(o, x, true),
  },
  uint32: {
    code: 12,
    bits: 32,
    get: (v, o) => v.getUint32(o, true),
    set: (v, o, x) => v.setUint32(o, x, true),
  },
  uint64: {
    code: 13,
    bits: 64,
    get: (v, o) => Number(v.getBigUint64(o, true)),
    set: (v, o, x) => v.setBigUint64(o, BigInt(x), true),
  },
  bfloat16: { code: 16, bits: 16 },
  uint4: { code: 21, bits: 4 },
  int4: { code: 22, bits: 4 },
};

const byCode = new Map(Object.entries(DTYPES).map(([name, { code }]) => [code, name as DType]));

/** Throws a UserError on element types no diffusion model has (complex numbers, float8). */
export function dtypeFromCode(code: number, where: string): DType {
  const dtype = byCode.get(code);
  if (!dtype) throw new UserError(`${where} has element type ${code}, which is not supported`);
  return dtype;
}

/** Types gradients flow through. */
export function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float16" || dtype === "float64" || dtype === "bfloat16";
}

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** Saturates: INT64_MAX, by which exporters mean "to the end", is 2^63 as a number. */
export function toInt64(value: number): bigint {
  const exact = BigInt(value);
  return exact > INT64_MAX ? INT64_MAX : exact < INT64_MIN ? INT64_MIN : exact;
}
