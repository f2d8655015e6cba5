/**
 * The messages of onnx.proto (ONNX IR version 13) that a graph editor touches, as a field table: field name →
 * [number, type, repetition]. A field that is absent here is kept as bytes and written back, so newer files survive.
 *
 * int64 is read into a number, which is exact up to 2^53 and saturates at the limits of int64 when written back
 * (exporters use INT64_MAX for "to the end"); only tensor contents need all 64 bits, hence bigint there.
 */
const MESSAGES = {
  ModelProto: {
    irVersion: [1, "int64"],
    producerName: [2, "string"],
    producerVersion: [3, "string"],
    domain: [4, "string"],
    modelVersion: [5, "int64"],
    docString: [6, "string"],
    graph: [7, "GraphProto"],
    opsetImport: [8, "OperatorSetIdProto", "repeated"],
    metadataProps: [14, "StringStringEntryProto", "repeated"],
  },
  OperatorSetIdProto: { domain: [1, "string"], version: [2, "int64"] },
  StringStringEntryProto: { key: [1, "string"], value: [2, "string"] },
  GraphProto: {
    node: [1, "NodeProto", "repeated"],
    name: [2, "string"],
    initializer: [5, "TensorProto", "repeated"],
    docString: [10, "string"],
    input: [11, "ValueInfoProto", "repeated"],
    output: [12, "ValueInfoProto", "repeated"],
    valueInfo: [13, "ValueInfoProto", "repeated"],
  },
  NodeProto: {
    input: [1, "string", "repeated"],
    output: [2, "string", "repeated"],
    name: [3, "string"],
    opType: [4, "string"],
    attribute: [5, "AttributeProto", "repeated"],
    docString: [6, "string"],
    domain: [7, "string"],
  },
  AttributeProto: {
    name: [1, "string"],
    f: [2, "float"],
    i: [3, "int64"],
    s: [4, "bytes"],
    t: [5, "TensorProto"],
    g: [6, "GraphProto"],
    floats: [7, "float", "repeated"],
    ints: [8, "int64", "repeated"],
    strings: [9, "bytes", "repeated"],
    type: [20, "int32"],
  },
  TensorProto: {
    dims: [1, "int64", "repeated"],
    dataType: [2, "int32"],
    floatData: [4, "float", "packed"],
    int32Data: [5, "int32", "packed"],
    stringData: [6, "bytes", "repeated"],
    int64Data: [7, "bigint", "packed"],
    name: [8, "string"],
    rawData: [9, "bytes"],
    doubleData: [10, "double", "packed"],
    uint64Data: [11, "bigint", "packed"],
    externalData: [13, "StringStringEntryProto", "repeated"],
    dataLocation: [14, "int32"],
  },
  ValueInfoProto: { name: [1, "string"], type: [2, "TypeProto"], docString: [3, "string"] },
  TypeProto: { tensorType: [1, "TensorTypeProto"] },
  TensorTypeProto: { elemType: [1, "int32"], shape: [2, "TensorShapeProto"] },
  TensorShapeProto: { dim: [1, "DimensionProto", "repeated"] },
  DimensionProto: { dimValue: [1, "int64"], dimParam: [2, "string"] },
} as const;

type Messages = typeof MESSAGES;
export type MessageName = keyof Messages;

interface Scalars {
  int32: number;
  int64: number;
  bigint: bigint;
  float: number;
  double: number;
  string: string;
  bytes: Uint8Array;
}
export type ScalarName = keyof Scalars;

type ValueOf<T> = T extends ScalarName ? Scalars[T] : T extends MessageName ? Message<T> : never;
type FieldValue<F> = F extends readonly [number, infer T, string]
  ? ValueOf<T>[]
  : F extends readonly [number, infer T]
    ? ValueOf<T>
    : never;

/** A decoded message; `unknown` holds fields outside the table with their tags, byte for byte. */
export type Message<M extends MessageName> = { [F in keyof Messages[M]]?: FieldValue<Messages[M][F]> } & {
  unknown?: Uint8Array[];
};

export interface Field {
  readonly name: string;
  readonly number: number;
  readonly type: ScalarName | MessageName;
  readonly repetition: "repeated" | "packed" | undefined;
}

type Rows = Record<string, readonly [number, Field["type"], Field["repetition"]?]>;

/** Fields of a message in order of their numbers, which is the order they are written in. */
const FIELDS: ReadonlyMap<string, readonly Field[]> = new Map(
  Object.entries<Rows>(MESSAGES).map(([message, rows]) => [message, fieldsOf(rows)]),
);

export function fieldsIn(message: MessageName): readonly Field[] {
  return FIELDS.get(message)!;
}

function fieldsOf(rows: Rows): Field[] {
  return Object.entries(rows)
    .map(([name, [number, type, repetition]]) => ({ name, number, type, repetition }))
    .sort((a, b) => a.number - b.number);
}

export function isMessage(type: ScalarName | MessageName): type is MessageName {
  return type in MESSAGES;
}
