/** ASCII vertex records, one line each ⇄ splat arrays. Lines are kept as byte spans, so that untouched ones stay. */
import { atOnce, type InPieces } from "../../core/pieces.ts";
import { attributeWidth } from "../../scene/attributes.ts";
import type { ShDegree, SplatArrays } from "../../scene/attributes.ts";
import type { Column } from "./columns.ts";

const SPACES = /\s+/;
/** Looked at in a piece. */
export const LINES = 1024;

/**
 * Ends (exclusive, line end included) of up to `count` lines that are not blank, from `start` on. Blank lines
 * belong to the record after them. Fewer are returned if the file ends first.
 */
export function* findLines(
  bytes: Uint8Array,
  start: number,
  count: number,
  lineEnd: string,
): InPieces<Float64Array> {
  const terminator = lineEnd.charCodeAt(lineEnd.length - 1);
  // A record takes at least a digit and a line end, whatever the header claims.
  const ends = new Float64Array(Math.min(count, Math.ceil((bytes.length - start + 1) / 2)));
  let found = 0;
  let at = start;
  while (found < count && at < bytes.length) {
    const terminated = bytes.indexOf(terminator, at);
    const end = terminated < 0 ? bytes.length : terminated + 1;
    if (!isBlank(bytes, at, end)) ends[found++] = end;
    at = end;
    if (found % LINES === 0) yield found / count;
  }
  return ends.subarray(0, found);
}

/** End of the last of `count` lines from `start` on; undefined if the file has fewer. */
export function skipLines(
  bytes: Uint8Array,
  start: number,
  count: number,
  lineEnd: string,
): number | undefined {
  if (count === 0) return start;
  const ends = atOnce(findLines(bytes, start, count, lineEnd));
  return ends.length === count ? ends[count - 1] : undefined;
}

export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! > 32) return false;
  return true;
}

export const textOf = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
export const wordsOf = (line: string): string[] => line.trim().split(SPACES);

/** A number as PLY writers spell it; undefined for anything else. */
export function parseNumber(word: string): number | undefined {
  const value = Number(word);
  if (!Number.isNaN(value) && word !== "" && !/^[+-]?0[xbo]/i.test(word)) return value;
  const special = /^([+-]?)(?:(nan)(?:\(\w*\))?|(inf|infinity))$/i.exec(word);
  if (!special) return undefined;
  return special[2] ? NaN : special[1] === "-" ? -Infinity : Infinity;
}

/** The shortest decimal that reads back as the same float32. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0";
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

/** One line's words → splat i. Returns the word that is not a number, if any. */
export function decodeLine(
  words: readonly string[],
  columns: readonly Column[],
  splats: SplatArrays,
  shDegree: ShDegree,
  i: number,
): string | undefined {
  for (const { position, attribute, component } of columns) {
    const value = parseNumber(words[position]!);
    if (value === undefined) return words[position];
    splats[attribute][i * attributeWidth(attribute, shDegree) + component] = value;
  }
  return undefined;
}

/** The line with the numbers replaced that differ from splat i, its spacing kept; the same object if none do. */
export function patchLine(
  line: string,
  columns: readonly Column[],
  splats: SplatArrays,
  shDegree: ShDegree,
  i: number,
): string {
  const words = wordsOf(line);
  const replaced = new Map<number, string>();
  for (const { position, attribute, component } of columns) {
    const value = splats[attribute][i * attributeWidth(attribute, shDegree) + component]!;
    if (Object.is(Math.fround(parseNumber(words[position]!)!), value)) continue;
    replaced.set(position, formatFloat(value));
  }
  if (replaced.size === 0) return line;
  let position = 0;
  return line.replace(/\S+/g, (word) => replaced.get(position++) ?? word);
}
