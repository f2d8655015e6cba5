import { attributeWidth } from "../../scene/attributes.ts";
import type { Splats } from "../../scene/attributes.ts";
import { NO_RECORD } from "../../scene/document.ts";
import type { SceneDocument } from "../../scene/document.ts";
import type { WriteOptions } from "../format.ts";
import { formatFloat, patchLine, textOf } from "./ascii.ts";
import { patchRecords } from "./binary.ts";
import { splatProperties } from "./columns.ts";
import type { Column } from "./columns.ts";
import { commentsOf } from "./metadata.ts";
import { plySourceOf } from "./source.ts";
import type { PlySource } from "./source.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Writes a splat PLY. A scene that was read from one keeps that file's layout, header and extra data, and of every
 * record only the properties whose value changed; otherwise the layout is INRIA's, binary little endian.
 */
export function writePly(document: SceneDocument, { layout = "source" }: WriteOptions = {}): Bytes {
  const source = plySourceOf(document.provenance);
  const fits = source && source.shDegree === document.splats.shDegree;
  return layout === "source" && fits ? writeLikeSource(document, source) : writeStandard(document);
}

function writeLikeSource(document: SceneDocument, source: PlySource): Bytes {
  const { bytes, header, start, end, elementsEnd } = source;
  const sameSplats = document.provenance?.records === undefined;
  return joined([
    ...headerLike(document, source),
    bytes.subarray(header.byteLength, start),
    ...(source.lineEnds ? linesLike(document, source, source.lineEnds) : [recordsLike(document, source)]),
    // What the header does not know of may depend on the splats before it: it goes once these do.
    bytes.subarray(end, sameSplats ? bytes.length : elementsEnd),
  ]);
}

/** The header as it was, with another count and more comments only where they changed. */
function headerLike({ splats, metadata }: SceneDocument, source: PlySource): Uint8Array[] {
  const { bytes, header, vertex, vertexIndex } = source;
  const known = new Set(header.comments);
  const added = commentsOf(metadata).filter((comment) => !known.has(comment));
  const [countStart, countEnd] = header.countSpans[vertexIndex]!;
  const count =
    splats.count === vertex.count ? bytes.subarray(countStart, countEnd) : encode(String(splats.count));
  return [
    bytes.subarray(0, countStart),
    count,
    bytes.subarray(countEnd, header.endLine),
    encode(added.map((comment) => `comment ${comment}${header.lineEnd}`).join("")),
    bytes.subarray(header.endLine, header.byteLength),
  ];
}

/** The source record of splat i, or nothing for a new splat. */
function recordOf(document: SceneDocument, i: number): number | undefined {
  const records = document.provenance?.records;
  if (!records) return i;
  return records[i] === NO_RECORD ? undefined : records[i]!;
}

function recordsLike(document: SceneDocument, source: PlySource): Part {
  const { splats } = document;
  const { bytes, header, vertex, columns, shDegree, start, end } = source;
  const stride = vertex.stride!;
  const littleEndian = header.encoding === "binary_little_endian";
  const fill = (target: Uint8Array): void => {
    if (document.provenance?.records) {
      for (let i = 0; i < splats.count; i++) {
        // A new splat starts from a record of zeros, which is what trainers write for normals.
        const record = recordOf(document, i);
        if (record === undefined) continue;
        const from = start + record * stride;
        target.set(bytes.subarray(from, from + stride), i * stride);
      }
    } else {
      target.set(bytes.subarray(start, end));
    }
    patchRecords({ bytes: target, stride, littleEndian, columns, shDegree }, splats);
  };
  return { length: splats.count * stride, fill };
}

function linesLike(document: SceneDocument, source: PlySource, lineEnds: Float64Array): Uint8Array[] {
  const { splats } = document;
  const { bytes, header, columns, shDegree, start } = source;
  const lineEnd = encode(header.lineEnd);
  const parts: Uint8Array[] = [];
  for (let i = 0; i < splats.count; i++) {
    const record = recordOf(document, i);
    if (record === undefined) {
      parts.push(encode(freshLine(splats, source, i)), lineEnd);
      continue;
    }
    const span = bytes.subarray(record === 0 ? start : lineEnds[record - 1]!, lineEnds[record]);
    const line = textOf(span);
    const patched = patchLine(line, columns, splats, shDegree, i);
    parts.push(patched === line ? span : encode(patched));
    const terminated = span.at(-1) === lineEnd.at(-1);
    if (!terminated && i + 1 < splats.count) parts.push(lineEnd);
  }
  return parts;
}

function freshLine(splats: Splats, { vertex, columns }: PlySource, i: number): string {
  const words = vertex.properties.map(() => "0");
  for (const { attribute, component, position } of columns) {
    words[position] = formatFloat(
      splats[attribute][i * attributeWidth(attribute, splats.shDegree) + component]!,
    );
  }
  return words.join(" ");
}

/** INRIA's order: position, normal (zeros, which some readers insist on), colour, opacity, scale, rotation. */
function writeStandard({ splats, metadata }: SceneDocument): Bytes {
  const wanted = splatProperties(splats.shDegree);
  const names = wanted.map(({ name }) => name);
  names.splice(3, 0, "nx", "ny", "nz");
  const columns = wanted.map((entry): Column => {
    const position = names.indexOf(entry.name);
    return { ...entry, position, property: { name: entry.name, type: "float32", offset: 4 * position } };
  });
  const lines = [
    "ply",
    "format binary_little_endian 1.0",
    ...commentsOf(metadata).map((comment) => `comment ${comment}`),
    `element vertex ${splats.count}`,
    ...names.map((name) => `property float ${name}`),
    "end_header",
  ];
  const stride = 4 * names.length;
  const fill = (target: Uint8Array): void =>
    patchRecords({ bytes: target, stride, littleEndian: true, columns, shDegree: splats.shDegree }, splats);
  return joined([encode(`${lines.join("\n")}\n`), { length: splats.count * stride, fill }]);
}

const encode = (text: string): Bytes => new TextEncoder().encode(text);

/** A piece of the file: bytes, or what writes them in place, so that large ones are never held twice. */
type Part = Uint8Array | { readonly length: number; fill(target: Uint8Array): void };

function joined(parts: readonly Part[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    if (part instanceof Uint8Array) whole.set(part, at);
    else part.fill(whole.subarray(at, at + part.length));
    at += part.length;
  }
  return whole;
}
