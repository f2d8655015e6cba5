/**
 * Reads an .onnx file without its weights: the same model, whose large initializers are "external data" that lies in
 * the very file they came from. A graph of two gigabytes shrinks to its few hundred kilobytes of structure, and
 * whoever needs weights, we or ONNX Runtime, takes them from the file one at a time.
 */
import { encode } from "./encode.ts";

/** Field numbers of onnx.proto on the way to the weights. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_RAW_DATA = 9;

const WIRE = { varint: 0, eightBytes: 1, lengthPrefixed: 2, fourBytes: 5 } as const;

/** Shorter contents stay: shape inference and constant folding look at them. */
const KEPT_BYTES = 1024;
const WINDOW = 1 << 20;

/**
 * @param location by which the returned model refers to `file`
 * Throws a RangeError on bytes that are no protobuf message.
 */
export async function readSkeleton(file: Blob, location: string): Promise<Uint8Array> {
  const cursor = createCursor(file);
  const model: Uint8Array[] = [];
  while (cursor.at < file.size) {
    const field = await readField(cursor, file.size);
    if (field.number !== MODEL_GRAPH || field.wire !== WIRE.lengthPrefixed) {
      model.push(await cursor.bytes(field.start, field.end));
    } else model.push(...message(MODEL_GRAPH, await graphSkeleton(cursor, field, location)));
    cursor.at = field.end;
  }
  return concat(model);
}

async function graphSkeleton(cursor: Cursor, graph: Field, location: string): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  cursor.at = graph.content;
  while (cursor.at < graph.end) {
    const field = await readField(cursor, graph.end);
    const isTensor = field.number === GRAPH_INITIALIZER && field.wire === WIRE.lengthPrefixed;
    if (!isTensor || field.end - field.content <= KEPT_BYTES) {
      parts.push(await cursor.bytes(field.start, field.end));
    } else parts.push(...message(GRAPH_INITIALIZER, await tensorSkeleton(cursor, field, location)));
    cursor.at = field.end;
  }
  return parts;
}

async function tensorSkeleton(cursor: Cursor, tensor: Field, location: string): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  cursor.at = tensor.content;
  while (cursor.at < tensor.end) {
    const field = await readField(cursor, tensor.end);
    const length = field.end - field.content;
    if (field.number !== TENSOR_RAW_DATA || length <= KEPT_BYTES) {
      parts.push(await cursor.bytes(field.start, field.end));
    } else {
      const position = { location, offset: String(field.content), length: String(length) };
      const externalData = Object.entries(position).map(([key, value]) => ({ key, value }));
      parts.push(encode("TensorProto", { externalData, dataLocation: 1 }));
    }
    cursor.at = field.end;
  }
  return parts;
}

interface Field {
  readonly number: number;
  readonly wire: number;
  /** Where its tag, its content (behind the length) and what follows begin. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

async function readField(cursor: Cursor, limit: number): Promise<Field> {
  const start = cursor.at;
  const tag = await cursor.varint();
  const wire = tag % 8;
  const number = Math.floor(tag / 8);
  let length = 0;
  if (wire === WIRE.varint) await cursor.varint();
  else if (wire === WIRE.lengthPrefixed) length = await cursor.varint();
  else if (wire === WIRE.eightBytes) length = 8;
  else if (wire === WIRE.fourBytes) length = 4;
  else throw new RangeError(`wire type ${wire} at byte ${start}`);
  const content = cursor.at;
  if (number === 0 || content + length > limit) {
    throw new RangeError(`a field at byte ${start} ends at ${content + length}, behind ${limit}`);
  }
  return { number, wire, start, content, end: content + length };
}

interface Cursor {
  at: number;
  /** Reads at `at` and moves it on. Values beyond 2^53 lose their low bits. */
  varint(): Promise<number>;
  /** A copy of part of the file; does not move. */
  bytes(start: number, end: number): Promise<Uint8Array>;
}

function createCursor(file: Blob): Cursor {
  let window = new Uint8Array(0);
  let windowStart = 0;
  const read = async (start: number, end: number): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await file.slice(start, end).arrayBuffer());
  const isLoaded = (start: number, end: number): boolean =>
    start >= windowStart && end <= windowStart + window.length;
  const cursor: Cursor = {
    at: 0,
    async varint() {
      let value = 0;
      for (let factor = 1; factor <= 2 ** 63; factor *= 128) {
        if (!isLoaded(cursor.at, cursor.at + 1)) {
          windowStart = cursor.at;
          window = await read(windowStart, windowStart + WINDOW);
        }
        const byte = window[cursor.at - windowStart];
        if (byte === undefined) throw new RangeError(`the file ends at byte ${cursor.at}, inside a number`);
        cursor.at++;
        value += (byte & 0x7f) * factor;
        if (byte < 0x80) return value;
      }
      throw new RangeError(`a number without end before byte ${cursor.at}`);
    },
    async bytes(start, end) {
      if (isLoaded(start, end)) return window.slice(start - windowStart, end - windowStart);
      return read(start, end);
    },
  };
  return cursor;
}

/** A length-prefixed field of parts. */
function message(number: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [Uint8Array.from([...varint(number * 8 + WIRE.lengthPrefixed), ...varint(length)]), ...parts];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return [...bytes, value];
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
