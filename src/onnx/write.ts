import { DTYPES } from "./dtype.ts";
import type { Attribute, Graph, GraphNode, Model, ValueInfo } from "./model.ts";
import { encode } from "./proto/encode.ts";
import type { Message } from "./proto/schema.ts";
import type { OnnxTensor } from "./tensor.ts";

/** Writes the bytes of an .onnx file. */
export function writeModel(model: Model): Uint8Array<ArrayBuffer> {
  return encode("ModelProto", {
    // Before version 4 every initializer had to be listed as an input too.
    irVersion: Math.max(4, model.irVersion),
    producerName: model.producer,
    opsetImport: [...model.opsets].map(([domain, version]) => ({ domain, version })),
    metadataProps: pairs(model.metadata),
    graph: graphProto(model.graph),
    ...(model.unknown && { unknown: [...model.unknown] }),
  });
}

function pairs(map: ReadonlyMap<string, string>): Message<"StringStringEntryProto">[] {
  return [...map].map(([key, value]) => ({ key, value }));
}

function graphProto(graph: Graph): Message<"GraphProto"> {
  return {
    name: graph.name,
    node: graph.nodes.map(nodeProto),
    initializer: [...graph.initializers].map(([name, tensor]) => ({ name, ...tensorProto(tensor) })),
    input: graph.inputs.map(valueInfoProto),
    output: graph.outputs.map(valueInfoProto),
    valueInfo: [...graph.values].map(([name, type]) => valueInfoProto({ name, ...type })),
    ...(graph.unknown && { unknown: [...graph.unknown] }),
  };
}

function valueInfoProto({ name, dtype, dims }: ValueInfo): Message<"ValueInfoProto"> {
  const shape = dims && {
    dim: dims.map((dim) => (typeof dim === "number" ? { dimValue: dim } : dim ? { dimParam: dim } : {})),
  };
  return { name, type: { tensorType: { elemType: DTYPES[dtype].code, ...(shape && { shape }) } } };
}

function nodeProto(node: GraphNode): Message<"NodeProto"> {
  return {
    input: [...node.inputs],
    output: [...node.outputs],
    name: node.name,
    opType: node.op,
    attribute: [...node.attributes].map(([name, attribute]) => ({ name, ...attributeProto(attribute) })),
    ...(node.domain && { domain: node.domain }),
  };
}

const utf8 = new TextEncoder();

function attributeProto(attribute: Attribute): Message<"AttributeProto"> {
  switch (attribute.kind) {
    case "float":
      return { type: 1, f: attribute.value };
    case "int":
      return { type: 2, i: attribute.value };
    case "string":
      return { type: 3, s: utf8.encode(attribute.value) };
    case "tensor":
      return { type: 4, t: tensorProto(attribute.value) };
    case "graph":
      return { type: 5, g: graphProto(attribute.value) };
    case "floats":
      return { type: 6, floats: [...attribute.value] };
    case "ints":
      return { type: 7, ints: [...attribute.value] };
    case "strings":
      return { type: 8, strings: attribute.value.map((text) => utf8.encode(text)) };
    case "other":
      return attribute.value;
  }
}

function tensorProto({ dtype, dims, raw, external, strings }: OnnxTensor): Message<"TensorProto"> {
  const head = { dims: [...dims], dataType: DTYPES[dtype].code };
  if (external) return { ...head, externalData: pairs(external), dataLocation: 1 };
  if (strings) return { ...head, stringData: [...strings] };
  return { ...head, rawData: raw };
}
