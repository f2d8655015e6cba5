import protobuf from "protobufjs/minimal.js";
import type { Field, Message, MessageName, ScalarName } from "./schema.ts";
import { fieldsIn, isMessage } from "./schema.ts";

type Reader = protobuf.Reader;

const WIRE_BYTES = 2;
const INT64_LIMIT = 2 ** 63;

/** Reads a whole message. `bytes` fields are views into `bytes`, not copies. Throws on anything ill-formed. */
export function decode<M extends MessageName>(message: M, bytes: Uint8Array): Message<M> {
  // A Node Buffer would select protobufjs' BufferReader; a plain view behaves the same everywhere.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return decodeUntil(message, protobuf.Reader.create(plain), bytes.byteLength);
}

function decodeUntil<M extends MessageName>(message: M, reader: Reader, end: number): Message<M> {
  const fields = fieldsIn(message);
  const result: Record<string, unknown> = {};
  const unknown: Uint8Array[] = [];
  while (reader.pos < end) {
    const start = reader.pos;
    const tag = reader.uint32();
    const field = fields.find(({ number }) => number === tag >>> 3);
    const wire = tag & 7;
    if (!field || !wireFits(field, wire)) {
      if (tag >>> 3 === 0) throw new Error(`field number 0 in ${message}`);
      reader.skipType(wire);
      unknown.push(reader.buf.subarray(start, reader.pos));
    } else if (field.repetition) {
      const list = (result[field.name] ??= []) as unknown[];
      if (wire === WIRE_BYTES && isPackable(field.type)) {
        const stop = lengthPrefix(reader, end);
        while (reader.pos < stop) list.push(readValue(field.type, reader, stop));
        if (reader.pos !== stop) throw new Error(`packed ${message}.${field.name} overruns its length`);
      } else list.push(readValue(field.type, reader, end));
    } else {
      result[field.name] = readValue(field.type, reader, end);
    }
  }
  if (reader.pos !== end) throw new Error(`${message} overruns its length`);
  if (unknown.length > 0) result["unknown"] = unknown;
  return result as Message<M>;
}

/** Wire types of protobuf: 0 varint, 1 eight bytes, 2 length-prefixed, 5 four bytes. */
const WIRE: Record<ScalarName, number> = {
  int32: 0,
  int64: 0,
  bigint: 0,
  double: 1,
  float: 5,
  string: WIRE_BYTES,
  bytes: WIRE_BYTES,
};

function isPackable(type: Field["type"]): boolean {
  return !isMessage(type) && WIRE[type] !== WIRE_BYTES;
}

function wireFits(field: Field, wire: number): boolean {
  if (wire === WIRE_BYTES && field.repetition) return true;
  return wire === (isMessage(field.type) ? WIRE_BYTES : WIRE[field.type]);
}

function lengthPrefix(reader: Reader, end: number): number {
  const length = reader.uint32();
  const stop = reader.pos + length;
  if (stop > end) throw new RangeError(`${length} bytes announced, ${end - reader.pos} left`);
  return stop;
}

function readValue(type: Field["type"], reader: Reader, end: number): unknown {
  if (isMessage(type)) return decodeUntil(type, reader, lengthPrefix(reader, end));
  return READ[type](reader, end);
}

const READ: Record<ScalarName, (reader: Reader, end: number) => unknown> = {
  int32: (reader) => reader.int32(),
  int64: (reader) => Number(readInt64(reader)),
  bigint: readInt64,
  float: (reader) => reader.float(),
  double: (reader) => reader.double(),
  string: (reader, end) => UTF8.decode(readBytes(reader, end)),
  bytes: readBytes,
};

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function readBytes(reader: Reader, end: number): Uint8Array {
  const stop = lengthPrefix(reader, end);
  const view = reader.buf.subarray(reader.pos, stop);
  reader.pos = stop;
  return view;
}

/** All 64 bits, whether or not protobufjs found a Long class in this environment. */
function readInt64(reader: Reader): bigint {
  const value: unknown = reader.int64();
  if (typeof value === "number") return BigInt(Math.max(-INT64_LIMIT, Math.min(value, INT64_LIMIT - 1024)));
  const { low, high } = value as { low: number; high: number };
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}
