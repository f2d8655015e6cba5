import protobuf from "protobufjs/minimal.js";
import { describe, expect, it } from "vitest";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";

describe("protobuf by field table", () => {
  it("gives back every kind of field", () => {
    const tensor = {
      dims: [2, 3],
      dataType: 1,
      floatData: [0.5, -2],
      int32Data: [-1, 70000],
      int64Data: [-(2n ** 63n), 2n ** 63n - 1n, 0n],
      uint64Data: [2n ** 64n - 1n],
      doubleData: [1e300],
      stringData: [new Uint8Array([1, 2])],
      name: "Ωmega",
      rawData: new Uint8Array([1, 2, 3]),
      externalData: [{ key: "location", value: "weights.pb" }],
    };
    const { uint64Data, ...rest } = decode("TensorProto", encode("TensorProto", tensor));
    expect(rest).toEqual({ ...tensor, uint64Data: undefined, ...rest });
    expect({ ...rest, uint64Data: uint64Data!.map((value) => BigInt.asUintN(64, value)) }).toEqual(tensor);
  });

  it("saturates int64 attributes, which exporters use for open ends", () => {
    const ends = { name: "ends", ints: [Number.MAX_SAFE_INTEGER, 2 ** 63, -(2 ** 63), -1] };
    expect(decode("AttributeProto", encode("AttributeProto", ends)).ints).toEqual(ends.ints);
    const bytes = encode("AttributeProto", { i: 2 ** 63 });
    expect(protobuf.Reader.create(bytes.subarray(1)).int64().toString()).toBe("9223372036854775807");
  });

  it("reads repeated numbers packed or one by one", () => {
    const writer = new protobuf.Writer();
    writer
      .uint32((1 << 3) | 0)
      .int64(2)
      .uint32((1 << 3) | 0)
      .int64(3);
    writer.uint32((4 << 3) | 5).float(0.5);
    expect(decode("TensorProto", writer.finish())).toEqual({ dims: [2, 3], floatData: [0.5] });
    const packed = new protobuf.Writer()
      .uint32((1 << 3) | 2)
      .fork()
      .int64(2)
      .int64(3)
      .ldelim()
      .finish();
    expect(decode("TensorProto", packed)).toEqual({ dims: [2, 3] });
  });

  it("hands bytes out as views", () => {
    const bytes = encode("TensorProto", { rawData: new Uint8Array([7, 8, 9]) });
    const { rawData } = decode("TensorProto", bytes);
    expect(rawData!.buffer).toBe(bytes.buffer);
    expect([...rawData!]).toEqual([7, 8, 9]);
  });

  it("carries fields it does not know along, byte for byte", () => {
    const writer = new protobuf.Writer();
    writer.uint32((7 << 3) | 2).string("domain");
    writer.uint32((99 << 3) | 2).string("from the future");
    writer.uint32((100 << 3) | 0).uint32(5);
    const bytes = writer.finish();
    const node = decode("NodeProto", bytes);
    expect(node.domain).toBe("domain");
    expect([...encode("NodeProto", node)]).toEqual([...bytes]);
  });

  it("refuses lengths that run over, at any depth", () => {
    const whole = encode("GraphProto", { node: [{ input: ["x"], opType: "Relu" }], name: "g" });
    for (let length = 1; length < whole.length; length++) {
      let result: unknown;
      try {
        result = decode("GraphProto", whole.subarray(0, length));
      } catch {
        continue;
      }
      // A cut between two fields is a shorter message.
      expect(encode("GraphProto", result as never).length).toBe(length);
    }
    const inner = new Uint8Array([0x0a, 0x02, 0x0a, 0x05, 1, 2, 3, 4, 5]);
    expect(() => decode("GraphProto", inner)).toThrow();
  });
});
