/** The text at the beginning of a PLY file. Source: Greg Turk, "The PLY Polygon File Format", 1994. */
import { UserError } from "../../core/errors.ts";
import { bytesInWords, number } from "../words.ts";

export type PlyEncoding = "ascii" | "binary_little_endian" | "binary_big_endian";
const ENCODINGS: readonly string[] = [
  "ascii",
  "binary_little_endian",
  "binary_big_endian",
] satisfies PlyEncoding[];

/** Scalar types: size in bytes and DataView accessors. Each has an old and a new name. */
const SCALARS = {
  int8: { size: 1, get: "getInt8", set: "setInt8" },
  uint8: { size: 1, get: "getUint8", set: "setUint8" },
  int16: { size: 2, get: "getInt16", set: "setInt16" },
  uint16: { size: 2, get: "getUint16", set: "setUint16" },
  int32: { size: 4, get: "getInt32", set: "setInt32" },
  uint32: { size: 4, get: "getUint32", set: "setUint32" },
  float32: { size: 4, get: "getFloat32", set: "setFloat32" },
  float64: { size: 8, get: "getFloat64", set: "setFloat64" },
} as const;
export type ScalarType = keyof typeof SCALARS;
export const scalar = (type: ScalarType): (typeof SCALARS)[ScalarType] => SCALARS[type];

const OLD_NAMES: Readonly<Record<string, ScalarType>> = {
  char: "int8",
  uchar: "uint8",
  short: "int16",
  ushort: "uint16",
  int: "int32",
  uint: "uint32",
  float: "float32",
  double: "float64",
};

export interface PlyProperty {
  readonly name: string;
  readonly type: ScalarType;
  /** Type of the length, if this is a list. */
  readonly listLength?: ScalarType;
  /** Bytes from the start of the record; meaningless behind a list. */
  readonly offset: number;
}

export interface PlyElement {
  readonly name: string;
  readonly count: number;
  readonly properties: readonly PlyProperty[];
  /** Bytes of a binary record; undefined if it has lists. */
  readonly stride: number | undefined;
}

export interface PlyHeader {
  readonly encoding: PlyEncoding;
  readonly elements: readonly PlyElement[];
  readonly comments: readonly string[];
  /** Bytes of the whole header, the line end after `end_header` included. */
  readonly byteLength: number;
  /** Byte range of each element's count, for a writer that must change one. */
  readonly countSpans: readonly (readonly [start: number, end: number])[];
  /** Where the `end_header` line begins, and the line end that the file uses. */
  readonly endLine: number;
  readonly lineEnd: string;
}

/** Headers are a few kilobytes; some tools store pictures in comments. */
const MAX_HEADER_BYTES = 4 << 20;
const END = "end_header";

/** "ply" alone on its line. */
export function looksLikePly(bytes: Uint8Array): boolean {
  return /^ply[ \t]*[\r\n]/.test(String.fromCharCode(...bytes.subarray(0, 16)));
}

/** Throws a UserError that names the line it cannot make sense of. */
export function parseHeader(bytes: Uint8Array, name: string): PlyHeader {
  const refuse = (
    problem: string,
    hint = "The file is damaged or was written by a faulty program.",
  ): never => {
    throw new UserError(`“${name}” is not a valid PLY file: ${problem}.`, hint);
  };
  // One byte is one character of this text, so positions in it are positions in the file.
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, MAX_HEADER_BYTES));
  const endMatch = /(^|[\r\n])end_header[ \t]*(\r\n|\n|\r)/.exec(text);
  if (!endMatch) {
    if (bytes.length > MAX_HEADER_BYTES)
      refuse(`no “${END}” within its first ${bytesInWords(MAX_HEADER_BYTES)}`);
    refuse(`its header has no “${END}”`, "The file is probably cut short. Download or export it again.");
  }
  const endLine = endMatch!.index + endMatch![1]!.length;
  const lineEnd = /\r\n|\n|\r/.exec(text)![0];
  // A file with lone carriage returns may have a line feed as its first data byte.
  const terminator = lineEnd === "\r" ? "\r" : endMatch![2]!;
  const byteLength = endMatch!.index + endMatch![0].length - endMatch![2]!.length + terminator.length;

  let encoding: PlyEncoding | undefined;
  const comments: string[] = [];
  const countSpans: [number, number][] = [];
  const elements: { name: string; count: number; properties: PlyProperty[]; stride: number | undefined }[] =
    [];

  const typeOf = (word: string | undefined, line: string): ScalarType => {
    const type = word === undefined ? undefined : word in SCALARS ? (word as ScalarType) : OLD_NAMES[word];
    return type ?? refuse(`unknown type in its header line “${line}”`);
  };

  for (const match of text.slice(0, endLine).matchAll(/[^\r\n]+/g)) {
    const line = match[0];
    const words = line.trim().split(/\s+/);
    switch (words[0]) {
      case "":
      case "ply":
      case "obj_info":
        break;
      case "comment":
        comments.push(utf8(bytes, match.index, line.length).replace(/^\s*comment ?/, ""));
        break;
      case "format":
        if (!ENCODINGS.includes(words[1] ?? "")) refuse(`unknown format “${line}”`);
        encoding = words[1] as PlyEncoding;
        break;
      case "element": {
        const [, elementName, digits] = words;
        if (!elementName || !digits || words.length !== 3) refuse(`cannot read its header line “${line}”`);
        const count = /^\d+$/.test(digits!) ? Number(digits) : NaN;
        if (!Number.isSafeInteger(count)) refuse(`impossible count in its header line “${line}”`);
        if (elements.some((element) => element.name === elementName))
          refuse(`two elements named “${elementName}”`);
        const start = match.index + line.lastIndexOf(digits!);
        countSpans.push([start, start + digits!.length]);
        elements.push({ name: elementName!, count, properties: [], stride: 0 });
        break;
      }
      case "property": {
        const element = elements.at(-1) ?? refuse("a property before any element");
        const isList = words[1] === "list";
        const property: PlyProperty = isList
          ? {
              listLength: typeOf(words[2], line),
              type: typeOf(words[3], line),
              name: words[4] ?? "",
              offset: 0,
            }
          : { type: typeOf(words[1], line), name: words[2] ?? "", offset: element.stride ?? 0 };
        if (!property.name || words.length !== (isList ? 5 : 3))
          refuse(`cannot read its header line “${line}”`);
        if (element.properties.some((other) => other.name === property.name)) {
          refuse(`element “${element.name}” has two properties named “${property.name}”`);
        }
        element.properties.push(property);
        if (isList) element.stride = undefined;
        else if (element.stride !== undefined) element.stride += SCALARS[property.type].size;
        break;
      }
      default:
        refuse(`cannot read its header line “${line.slice(0, 80)}”`);
    }
  }
  if (!encoding) return refuse("its header names no format");
  if (elements.length === 0) refuse("its header declares no elements");
  return { encoding, elements, comments, byteLength, countSpans, endLine, lineEnd };
}

function utf8(bytes: Uint8Array, start: number, length: number): string {
  return new TextDecoder().decode(bytes.subarray(start, start + length));
}

/** One line per element, for messages: "34,834 vertex, 1 tristrips". */
export const elementsInWords = (header: PlyHeader): string =>
  header.elements.map(({ name, count }) => `${number(count)} ${name}`).join(", ");
