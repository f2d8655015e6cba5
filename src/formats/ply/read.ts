import { UserError } from "../../core/errors.ts";
import { asPart, type InPieces } from "../../core/pieces.ts";
import { createSplats } from "../../scene/attributes.ts";
import type { ShDegree, Splats } from "../../scene/attributes.ts";
import type { SceneDocument } from "../../scene/document.ts";
import { checkValues } from "../validate.ts";
import { bytesInWords, counted, number } from "../words.ts";
import { decodeLine, findLines, isBlank, LINES, skipLines, textOf, wordsOf } from "./ascii.ts";
import { decodeRecords, skipElement } from "./binary.ts";
import { findColumns } from "./columns.ts";
import { elementsInWords, parseHeader } from "./header.ts";
import type { PlyElement, PlyHeader } from "./header.ts";
import { metadataOf } from "./metadata.ts";
import { PLY_ID } from "./source.ts";
import type { PlySource } from "./source.ts";

/** Its share of the time; the rest is for checks. */
const DECODING = 0.75;
const AGAIN = "Download or export the file again.";

/** Reads a splat PLY of any encoding and property order. Throws a UserError in words. */
export function* readPly(bytes: Uint8Array, name: string): InPieces<SceneDocument> {
  const header = parseHeader(bytes, name);
  const vertexIndex = header.elements.findIndex((element) => element.name === "vertex");
  const vertex = header.elements[vertexIndex];
  if (!vertex) {
    throw new UserError(
      `“${name}” has no vertex element, which is where splats are kept; it has ${elementsInWords(header)}.`,
      "Open the .ply file of a 3D Gaussian splat scene instead.",
    );
  }
  const { columns, shDegree } = findColumns(header, vertex, name);
  if (vertex.count === 0) {
    throw new UserError(`“${name}” is a splat scene without splats: its header declares 0.`, AGAIN);
  }

  const start = skipElements(bytes, header, header.byteLength, header.elements.slice(0, vertexIndex));
  if (start === undefined) throw cutShort(name, 0, vertex.count, bytes.length);
  const layout = { bytes, header, vertex, vertexIndex, columns, shDegree, start };
  const readVertices = header.encoding === "ascii" ? readLines : readRecords;
  const { splats, ...ends } = yield* asPart(readVertices(layout, name), 0, DECODING);

  const tail = inspectTail(layout, ends.end);
  const warnings = [...tail.warnings, ...(yield* asPart(checkValues(splats, name), DECODING, 1))];
  const source: PlySource = { ...layout, ...ends, elementsEnd: tail.elementsEnd };
  return {
    name,
    splats,
    metadata: metadataOf(header.comments),
    warnings,
    provenance: { format: PLY_ID, source },
  };
}

type Layout = Omit<PlySource, "end" | "elementsEnd" | "lineEnds">;

interface Vertices {
  readonly splats: Splats;
  readonly end: number;
  /** Of ASCII records. */
  readonly lineEnds?: Float64Array;
}

function* readRecords(layout: Layout, name: string): InPieces<Vertices> {
  const { bytes, header, vertex, columns, shDegree, start } = layout;
  const stride = vertex.stride!;
  const end = start + vertex.count * stride;
  if (end > bytes.length) {
    throw cutShort(name, Math.floor((bytes.length - start) / stride), vertex.count, bytes.length, end);
  }
  const splats = allocate(vertex.count, shDegree, name);
  const littleEndian = header.encoding === "binary_little_endian";
  const records = { bytes: bytes.subarray(start, end), stride, littleEndian, columns, shDegree };
  yield* decodeRecords(records, splats);
  return { splats, end };
}

function* readLines(layout: Layout, name: string): InPieces<Vertices> {
  const { bytes, header, vertex, columns, shDegree, start } = layout;
  const lineEnds = yield* asPart(findLines(bytes, start, vertex.count, header.lineEnd), 0, 0.1);
  if (lineEnds.length < vertex.count) {
    const terminated = bytes.at(-1) === header.lineEnd.charCodeAt(header.lineEnd.length - 1);
    const whole = terminated || lineEnds.length === 0 ? lineEnds.length : lineEnds.length - 1;
    throw cutShort(name, whole, vertex.count, bytes.length);
  }
  const splats = allocate(vertex.count, shDegree, name);
  const width = vertex.properties.length;
  let from = start;
  for (let i = 0; i < vertex.count; i++) {
    const to = lineEnds[i]!;
    const words = wordsOf(textOf(bytes.subarray(from, to)));
    if (words.length < width && to === bytes.length) throw cutShort(name, i, vertex.count, bytes.length);
    const record = `record ${number(i + 1)} of ${number(vertex.count)}`;
    if (words.length !== width) {
      throw new UserError(
        `“${name}” is damaged: ${record} has ${counted(words.length, "number")}, its header declares ${width}.`,
        AGAIN,
      );
    }
    const wrong = decodeLine(words, columns, splats, shDegree, i);
    if (wrong !== undefined) {
      throw new UserError(
        `“${name}” is damaged: “${wrong.slice(0, 40)}” in ${record} is not a number.`,
        AGAIN,
      );
    }
    from = to;
    if (i % LINES === LINES - 1) yield 0.1 + (0.9 * i) / vertex.count;
  }
  return { splats, end: from, lineEnds };
}

function allocate(count: number, shDegree: ShDegree, name: string): Splats {
  try {
    return createSplats(count, shDegree);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(
      `“${name}” does not fit in memory: it has ${number(count)} splats.`,
      "Close other tabs and programs, or reduce the scene first.",
      { cause: error },
    );
  }
}

function cutShort(name: string, there: number, promised: number, size: number, expected?: number): UserError {
  const sizes = expected ? `${bytesInWords(size)} of ${bytesInWords(expected)}` : bytesInWords(size);
  return new UserError(
    `“${name}” is cut short: ${number(there)} of ${counted(promised, "splat")} are there (${sizes}).`,
    `${AGAIN} If it is complete, its header promises too many.`,
  );
}

function skipElements(
  bytes: Uint8Array,
  { encoding, lineEnd }: PlyHeader,
  start: number,
  elements: readonly PlyElement[],
): number | undefined {
  let at: number | undefined = start;
  for (const element of elements) {
    if (at === undefined) break;
    at =
      encoding === "ascii"
        ? skipLines(bytes, at, element.count, lineEnd)
        : skipElement(bytes, at, element, encoding === "binary_little_endian");
  }
  return at;
}

/** What lies behind the splats: other elements, and bytes that the header does not know of. */
function inspectTail(
  { bytes, header, vertex, vertexIndex }: Layout,
  end: number,
): { elementsEnd: number; warnings: string[] } {
  const others = header.elements.slice(vertexIndex + 1);
  const elementsEnd = skipElements(bytes, header, end, others);
  if (elementsEnd === undefined) {
    const names = others.map((element) => element.name).join(", ");
    return {
      elementsEnd: bytes.length,
      warnings: [`The file ends inside the data after its splats (${names}). All splats are there.`],
    };
  }
  const rest = bytes.length - elementsEnd;
  if (header.encoding === "ascii") {
    if (rest > 0 && !isBlank(bytes, elementsEnd, bytes.length)) {
      return { elementsEnd, warnings: [`${bytesInWords(rest)} after the last splat are ignored.`] };
    }
    // A file cut inside its very last number looks just like one that merely lacks its last line end.
    const terminated = bytes.at(-1) === header.lineEnd.charCodeAt(header.lineEnd.length - 1);
    return {
      elementsEnd,
      warnings: terminated || rest > 0 ? [] : ["The last line has no line end: its last number may be cut."],
    };
  }
  if (rest === 0) return { elementsEnd, warnings: [] };
  const more = Math.floor(rest / vertex.stride!);
  const room = more ? `, room for ${counted(more, "more splat")} than the header declares` : "";
  return { elementsEnd, warnings: [`${bytesInWords(rest)} after the last splat are ignored${room}.`] };
}
