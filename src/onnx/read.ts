import { UserError } from "../core/errors.ts";
import { DTYPES, dtypeFromCode } from "./dtype.ts";
import type { Attribute, Graph, GraphNode, Model, ValueInfo, ValueType } from "./model.ts";
import { checkModel } from "./passes/check.ts";
import { decode } from "./proto/decode.ts";
import type { Message } from "./proto/schema.ts";
import type { OnnxTensor } from "./tensor.ts";
import { byteLength, sizeOf, tensorOf } from "./tensor.ts";

/**
 * Reads an .onnx file. Weights stay views into `bytes`. Throws a UserError that says what the bytes are instead when
 * they are no model, or what is wrong with the model.
 */
export function readModel(bytes: Uint8Array): Model {
  return checkModel(modelFrom(decodeFile(bytes)));
}

function decodeFile(bytes: Uint8Array): Message<"ModelProto"> {
  if (bytes.byteLength === 0) throw new UserError("The ONNX model is empty (0 bytes)", "Download it again.");
  const head = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart();
  if (/^<(!doctype|html|\?xml)/i.test(head)) {
    throw new UserError(
      "This is a web page, not an ONNX model",
      "The address of the model answers with HTML.",
    );
  }
  if (head.startsWith("version https://git-lfs")) {
    throw new UserError("This is a Git LFS pointer, not the ONNX model itself", "Run git lfs pull.");
  }
  try {
    return decode("ModelProto", bytes);
  } catch (cause) {
    throw new UserError(
      `This is not an ONNX model, or it is cut short (${bytes.byteLength} bytes)`,
      "Download it again and compare the file size.",
      { cause },
    );
  }
}

function modelFrom(proto: Message<"ModelProto">): Model {
  if (!proto.graph || !proto.opsetImport?.length) {
    throw new UserError("This is not an ONNX model: it holds no graph or names no operator set");
  }
  return {
    irVersion: proto.irVersion ?? 0,
    producer: [proto.producerName, proto.producerVersion].filter(Boolean).join(" "),
    opsets: new Map(proto.opsetImport.map(({ domain = "", version = 0 }) => [standard(domain), version])),
    metadata: new Map(proto.metadataProps?.map(({ key = "", value = "" }) => [key, value])),
    graph: graphFrom(proto.graph),
    ...(proto.unknown && { unknown: proto.unknown }),
  };
}

/** ai.onnx has two spellings. */
function standard(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

function graphFrom(proto: Message<"GraphProto">): Graph {
  const initializers = new Map(proto.initializer?.map((t) => [t.name ?? "", tensorFrom(t, `"${t.name}"`)]));
  return {
    name: proto.name ?? "",
    nodes: (proto.node ?? []).map(nodeFrom),
    initializers,
    inputs: (proto.input ?? []).map(valueInfoFrom).filter(({ name }) => !initializers.has(name)),
    outputs: (proto.output ?? []).map(valueInfoFrom),
    // Optional and sequence types say nothing a pass could use.
    values: new Map(
      proto.valueInfo
        ?.filter((info) => info.type?.tensorType)
        .map((info) => [info.name ?? "", valueTypeFrom(info)]),
    ),
    ...(proto.unknown && { unknown: proto.unknown }),
  };
}

function valueInfoFrom(info: Message<"ValueInfoProto">): ValueInfo {
  return { name: info.name ?? "", ...valueTypeFrom(info) };
}

function valueTypeFrom(info: Message<"ValueInfoProto">): ValueType {
  const type = info.type?.tensorType;
  if (!type) throw new UserError(`"${info.name}" of the ONNX model is not a tensor`);
  const dtype = dtypeFromCode(type.elemType ?? 0, `"${info.name}"`);
  if (!type.shape) return { dtype };
  return { dtype, dims: (type.shape.dim ?? []).map(({ dimValue, dimParam }) => dimValue ?? dimParam ?? "") };
}

function nodeFrom(proto: Message<"NodeProto">): GraphNode {
  return {
    name: proto.name ?? "",
    op: proto.opType ?? "",
    domain: standard(proto.domain ?? ""),
    inputs: proto.input ?? [],
    outputs: proto.output ?? [],
    attributes: new Map(
      proto.attribute?.map((attribute) => [attribute.name ?? "", attributeFrom(attribute)]),
    ),
  };
}

const utf8 = new TextDecoder();

/** By AttributeProto.AttributeType. proto3 writers leave zero values out, hence the defaults. */
const ATTRIBUTES: Record<number, (a: Message<"AttributeProto">) => Attribute> = {
  1: ({ f = 0 }) => ({ kind: "float", value: f }),
  2: ({ i = 0 }) => ({ kind: "int", value: i }),
  3: ({ s }) => ({ kind: "string", value: utf8.decode(s) }),
  4: (a) => ({ kind: "tensor", value: tensorFrom(a.t ?? {}, `attribute "${a.name}"`) }),
  5: ({ g = {} }) => ({ kind: "graph", value: graphFrom(g) }),
  6: ({ floats = [] }) => ({ kind: "floats", value: floats }),
  7: ({ ints = [] }) => ({ kind: "ints", value: ints }),
  8: ({ strings = [] }) => ({ kind: "strings", value: strings.map((s) => utf8.decode(s)) }),
};

function attributeFrom(proto: Message<"AttributeProto">): Attribute {
  return ATTRIBUTES[proto.type ?? 0]?.(proto) ?? { kind: "other", value: proto };
}

const EXTERNAL = 1;

function tensorFrom(proto: Message<"TensorProto">, where: string): OnnxTensor {
  const dtype = dtypeFromCode(proto.dataType ?? 0, `tensor ${where}`);
  const dims = proto.dims ?? [];
  const none = new Uint8Array(0);
  if (proto.dataLocation === EXTERNAL) {
    const external = new Map(proto.externalData?.map(({ key = "", value = "" }) => [key, value]));
    return { dtype, dims, raw: none, external };
  }
  if (dtype === "string") return { dtype, dims, raw: none, strings: proto.stringData ?? [] };
  const expected = byteLength(dtype, dims);
  const tensor = proto.rawData ? { dtype, dims, raw: proto.rawData } : fromTypedField(proto, dtype, dims);
  if (tensor?.raw.byteLength !== expected) {
    throw new UserError(
      `Tensor ${where} of the ONNX model holds ${tensor?.raw.byteLength ?? 0} of ${expected} bytes`,
    );
  }
  return tensor;
}

/** Elements spelt out one by one instead of as raw bytes; half floats are spelt as the integer of their bits. */
function fromTypedField(
  proto: Message<"TensorProto">,
  dtype: OnnxTensor["dtype"],
  dims: readonly number[],
): OnnxTensor | undefined {
  const wide = proto.int64Data ?? proto.uint64Data;
  const values = proto.floatData ?? proto.doubleData ?? wide?.map(Number) ?? proto.int32Data ?? [];
  if (values.length !== sizeOf(dims)) return undefined;
  if (wide && DTYPES[dtype].bits === 64)
    return { dtype, dims, raw: new Uint8Array(BigInt64Array.from(wide).buffer) };
  if (dtype === "float16" || dtype === "bfloat16") return { ...tensorOf("uint16", dims, values), dtype };
  return tensorOf(dtype, dims, values);
}
