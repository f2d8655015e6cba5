/**
 * Binary vertex records ⇄ splat arrays. Records are taken block by block through a scratch buffer that is aligned
 * and in the machine's byte order, so that the inner loops are plain strided copies of 32-bit words whatever the
 * file's alignment and byte order. Words are never interpreted: NaN payloads and signed zeros survive.
 */
import { atOnce, type InPieces } from "../../core/pieces.ts";
import type { SplatArrays } from "../../scene/attributes.ts";
import { attributeWidth } from "../../scene/attributes.ts";
import type { ShDegree } from "../../scene/attributes.ts";
import { bitsOf } from "../../scene/splats.ts";
import type { Column } from "./columns.ts";
import { scalar } from "./header.ts";
import type { PlyElement } from "./header.ts";

export interface BinaryRecords {
  /** count × stride bytes. */
  readonly bytes: Uint8Array;
  readonly stride: number;
  readonly littleEndian: boolean;
  readonly columns: readonly Column[];
  readonly shDegree: ShDegree;
}

/** Values taken one by one, in a piece. */
const ROWS = 1 << 16;
/** Small enough for the second-level cache with the widest records. */
const BLOCK_BYTES = 1 << 18;

/** A word column: where it starts in a record, and its place in the splat array. */
interface WordColumn {
  readonly word: number;
  readonly values: Uint32Array;
  readonly width: number;
  readonly component: number;
}

export function* decodeRecords(records: BinaryRecords, splats: SplatArrays): InPieces<void> {
  const words = wordColumns(records, splats);
  if (!words) return yield* decodeSlowly(records, splats);
  yield* eachBlock(records, (block, first, count, recordWords) => {
    for (const { word, values, width, component } of words) {
      let from = word;
      let to = first * width + component;
      for (let i = 0; i < count; i++) {
        values[to] = block[from]!;
        from += recordWords;
        to += width;
      }
    }
    return false;
  });
}

/** Overwrites, in `records.bytes`, exactly those properties whose value differs from the splats'. */
export function patchRecords(records: BinaryRecords, splats: SplatArrays): void {
  const words = wordColumns(records, splats);
  if (!words) return atOnce(patchSlowly(records, splats));
  const patching = eachBlock(records, (block, first, count, recordWords) => {
    let changed = false;
    for (const { word, values, width, component } of words) {
      let to = word;
      let from = first * width + component;
      for (let i = 0; i < count; i++) {
        if (block[to] !== values[from]) {
          block[to] = values[from]!;
          changed = true;
        }
        to += recordWords;
        from += width;
      }
    }
    return changed;
  });
  atOnce(patching);
}

/** Null unless every splat property is a float32 on a word boundary. */
function wordColumns({ stride, columns, shDegree }: BinaryRecords, splats: SplatArrays): WordColumn[] | null {
  const fits = ({ property }: Column): boolean => property.type === "float32" && property.offset % 4 === 0;
  if (stride % 4 !== 0 || !columns.every(fits)) return null;
  return columns.map(({ attribute, component, property }) => ({
    word: property.offset / 4,
    values: bitsOf(splats[attribute]),
    width: attributeWidth(attribute, shDegree),
    component,
  }));
}

/** Calls `visit` on aligned native copies of the records; writes a block back if it returns true. */
function* eachBlock(
  { bytes, stride, littleEndian }: BinaryRecords,
  visit: (block: Uint32Array, first: number, count: number, recordWords: number) => boolean,
): InPieces<void> {
  const perBlock = Math.max(1, Math.floor(BLOCK_BYTES / stride));
  const scratch = new Uint8Array(Math.min(perBlock * stride, bytes.length));
  const block = new Uint32Array(scratch.buffer);
  const total = bytes.length / stride;
  for (let first = 0; first < total; first += perBlock) {
    const count = Math.min(perBlock, total - first);
    const part = bytes.subarray(first * stride, (first + count) * stride);
    scratch.set(part);
    if (!littleEndian) swapWords(block);
    if (visit(block, first, count, stride / 4)) {
      if (!littleEndian) swapWords(block);
      part.set(scratch.subarray(0, part.length));
    }
    yield first / total;
  }
}

function swapWords(words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) {
    const w = words[i]!;
    words[i] = (w << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24);
  }
}

function* decodeSlowly(records: BinaryRecords, splats: SplatArrays): InPieces<void> {
  yield* eachValue(records, splats, (view, at, values, index, column) => {
    values[index] = view[readerOf(column)](at, records.littleEndian);
  });
}

function* patchSlowly(records: BinaryRecords, splats: SplatArrays): InPieces<void> {
  yield* eachValue(records, splats, (view, at, values, index, column) => {
    // A double that rounds to the value in memory is the value in memory.
    const original = Math.fround(view[readerOf(column)](at, records.littleEndian));
    if (Object.is(original, values[index])) return;
    view[column.property.type === "float64" ? "setFloat64" : "setFloat32"](
      at,
      values[index]!,
      records.littleEndian,
    );
  });
}

const readerOf = ({ property }: Column): "getFloat32" | "getFloat64" =>
  property.type === "float64" ? "getFloat64" : "getFloat32";

function* eachValue(
  { bytes, stride, columns, shDegree }: BinaryRecords,
  splats: SplatArrays,
  visit: (view: DataView, at: number, values: Float32Array, index: number, column: Column) => void,
): InPieces<void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const total = bytes.length / stride;
  for (const [done, column] of columns.entries()) {
    const values = splats[column.attribute];
    const width = attributeWidth(column.attribute, shDegree);
    for (let i = 0; i < total; i++) {
      visit(view, i * stride + column.property.offset, values, i * width + column.component, column);
      if (i % ROWS === ROWS - 1) yield (done + i / total) / columns.length;
    }
  }
}

/** End of an element's binary data that starts at `start`; undefined if the file ends before it does. */
export function skipElement(
  bytes: Uint8Array,
  start: number,
  element: PlyElement,
  littleEndian: boolean,
): number | undefined {
  if (element.stride !== undefined) {
    const end = start + element.count * element.stride;
    return end <= bytes.length ? end : undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (let row = 0; row < element.count; row++) {
    for (const { type, listLength } of element.properties) {
      let items = 1;
      if (listLength) {
        const { size, get } = scalar(listLength);
        if (at + size > bytes.length) return undefined;
        items = view[get](at, littleEndian);
        at += size;
      }
      at += items * scalar(type).size;
      // Positive form, so that a NaN or negative length ends the walk too.
      if (!(items >= 0 && at <= bytes.length)) return undefined;
    }
  }
  return at;
}
