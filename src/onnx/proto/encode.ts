import protobuf from "protobufjs/minimal.js";
import { toInt64 } from "../dtype.ts";
import type { Field, Message, MessageName, ScalarName } from "./schema.ts";
import { fieldsIn, isMessage } from "./schema.ts";

type Writer = protobuf.Writer;

/** Writes a message: fields by ascending number, then whatever was not understood when it was read. */
export function encode<M extends MessageName>(message: M, value: Message<M>): Uint8Array<ArrayBuffer> {
  const bytes = encodeInto(message, value, new protobuf.Writer()).finish(true);
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}

function encodeInto<M extends MessageName>(message: M, value: Message<M>, writer: Writer): Writer {
  for (const field of fieldsIn(message)) {
    const content = (value as Record<string, unknown>)[field.name];
    if (content === undefined) continue;
    if (!field.repetition) writeField(field, content, writer);
    else if (field.repetition === "packed") writePacked(field, content as unknown[], writer);
    else for (const item of content as unknown[]) writeField(field, item, writer);
  }
  for (const bytes of value.unknown ?? []) writer.raw(bytes);
  return writer;
}

function writeField(field: Field, content: unknown, writer: Writer): void {
  if (isMessage(field.type)) {
    writer.uint32((field.number << 3) | 2).fork();
    encodeInto(field.type, content as Message<MessageName>, writer).ldelim();
  } else {
    const { wire, write } = SCALARS[field.type];
    write(writer.uint32((field.number << 3) | wire), content as never);
  }
}

function writePacked(field: Field, items: unknown[], writer: Writer): void {
  if (items.length === 0) return;
  writer.uint32((field.number << 3) | 2).fork();
  for (const item of items) SCALARS[field.type as ScalarName].write(writer, item as never);
  writer.ldelim();
}

const SCALARS: Record<ScalarName, { wire: number; write: (writer: Writer, value: never) => Writer }> = {
  int32: { wire: 0, write: (writer, value: number) => writer.int32(value) },
  int64: { wire: 0, write: (writer, value: number) => writer.int64(words(toInt64(value))) },
  bigint: { wire: 0, write: (writer, value: bigint) => writer.int64(words(value)) },
  double: { wire: 1, write: (writer, value: number) => writer.double(value) },
  float: { wire: 5, write: (writer, value: number) => writer.float(value) },
  string: { wire: 2, write: (writer, value: string) => writer.string(value) },
  bytes: { wire: 2, write: (writer, value: Uint8Array) => writer.bytes(value) },
};

/** The two halves that protobufjs accepts in place of a Long. */
function words(value: bigint): protobuf.Long {
  return {
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned: false,
  };
}
