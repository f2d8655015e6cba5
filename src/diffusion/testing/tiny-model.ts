import { encode } from "../../onnx/proto/encode.ts";
import type { Message } from "../../onnx/proto/schema.ts";

/** ONNX element types used in tests. */
const TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 } as const;
type TypeName = keyof typeof TYPES;

export interface TinyPort {
  readonly name: string;
  readonly type: TypeName;
  readonly dims: readonly (number | string)[];
}
export interface TinyNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}
export interface TinyModel {
  readonly inputs: readonly TinyPort[];
  readonly outputs: readonly TinyPort[];
  readonly nodes: readonly TinyNode[];
  readonly constants?: Readonly<
    Record<
      string,
      { readonly dims: readonly number[]; readonly values: readonly number[]; readonly type?: "int64" }
    >
  >;
  /** Constants whose values lie in a file of their own. */
  readonly external?: Readonly<
    Record<string, { readonly dims: readonly number[]; readonly location: string }>
  >;
}

/** Bytes of an ONNX file with a few nodes, opset 17. */
export function tinyModel({ inputs, outputs, nodes, constants = {}, external = {} }: TinyModel): Uint8Array {
  return encode("ModelProto", {
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "tiny",
      node: nodes.map(({ op, inputs: input, output, attributes = {} }) => ({
        opType: op,
        name: output,
        input: [...input],
        output: [output],
        attribute: Object.entries(attributes).map(([name, value]) =>
          typeof value === "number" ? { name, i: value, type: 2 } : { name, ints: [...value], type: 7 },
        ),
      })),
      initializer: [
        ...Object.entries(constants).map(([name, { dims, values, type }]) => ({
          name,
          dims: [...dims],
          ...(type === "int64"
            ? { dataType: TYPES.int64, int64Data: values.map(BigInt) }
            : { dataType: TYPES.float32, floatData: [...values] }),
        })),
        ...Object.entries(external).map(([name, { dims, location }]) => ({
          name,
          dims: [...dims],
          dataType: TYPES.float32,
          dataLocation: 1,
          externalData: [{ key: "location", value: location }],
        })),
      ],
      input: inputs.map(valueInfo),
      output: outputs.map(valueInfo),
    },
  });
}

function valueInfo({ name, type, dims }: TinyPort): Message<"ValueInfoProto"> {
  const dim = dims.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: TYPES[type], shape: { dim } } } };
}
