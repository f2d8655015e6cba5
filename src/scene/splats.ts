/** Whole-array operations on splats in memory. None of them writes to its input. */
import { assert } from "../core/assert.ts";
import type { InPieces } from "../core/pieces.ts";
import { ATTRIBUTES, attributeWidth, createSplats, shCoefficients } from "./attributes.ts";
import type { Attribute, ShDegree, SplatArrays, Splats } from "./attributes.ts";

/** Splats from arrays that somebody else made; the lengths are checked. */
export function splatsFrom(count: number, shDegree: ShDegree, arrays: SplatArrays): Splats {
  for (const attribute of ATTRIBUTES) {
    const expected = count * attributeWidth(attribute, shDegree);
    const actual = arrays[attribute].length;
    assert(
      actual === expected,
      `${attribute}: got ${actual} values, expected ${expected} for ${count} splats`,
    );
  }
  return { ...arrays, count, shDegree };
}

export function copySplats(splats: Splats): Splats {
  const copy = createSplats(splats.count, splats.shDegree);
  for (const attribute of ATTRIBUTES) copy[attribute].set(splats[attribute]);
  return copy;
}

/** The splats at `indices`, in that order. */
export function takeSplats(splats: Splats, indices: Uint32Array): Splats {
  const taken = createSplats(indices.length, splats.shDegree);
  const largest = indices.reduce((most, index) => Math.max(most, index), 0);
  assert(
    indices.length === 0 || largest < splats.count,
    `takeSplats: index ${largest} of ${splats.count} splats`,
  );
  for (const attribute of ATTRIBUTES) {
    const width = attributeWidth(attribute, splats.shDegree);
    const from = splats[attribute];
    const to = taken[attribute];
    for (let i = 0; i < indices.length; i++) {
      const first = indices[i]! * width;
      for (let k = 0; k < width; k++) to[i * width + k] = from[first + k]!;
    }
  }
  return taken;
}

/** All splats of all parts, in order. The result has the largest SH degree among them. */
export function concatSplats(parts: readonly Splats[]): Splats {
  const shDegree = parts.reduce<ShDegree>((most, part) => (part.shDegree > most ? part.shDegree : most), 0);
  const raised = parts.map((part) => withShDegree(part, shDegree));
  const all = createSplats(
    raised.reduce((sum, part) => sum + part.count, 0),
    shDegree,
  );
  for (const attribute of ATTRIBUTES) {
    let at = 0;
    for (const part of raised) {
      all[attribute].set(part[attribute], at);
      at += part[attribute].length;
    }
  }
  return all;
}

/** The same splats with more SH bands, zero, or fewer. */
export function withShDegree(splats: Splats, shDegree: ShDegree): Splats {
  if (splats.shDegree === shDegree) return splats;
  const from = 3 * shCoefficients(splats.shDegree);
  const to = 3 * shCoefficients(shDegree);
  const sh = new Float32Array(splats.count * to);
  for (let i = 0; i < splats.count; i++) {
    sh.set(splats.sh.subarray(i * from, i * from + Math.min(from, to)), i * to);
  }
  return { ...splats, shDegree, sh };
}

/** Whether two scenes hold the same bits. */
export function splatsEqual(a: Splats, b: Splats): boolean {
  return (
    a.count === b.count &&
    a.shDegree === b.shDegree &&
    ATTRIBUTES.every((attribute) => sameBits(a[attribute], b[attribute]))
  );
}

/** Whether two arrays hold the same bits, NaN and signed zeros included. */
export function sameBits(a: Float32Array, b: Float32Array): boolean {
  const x = bitsOf(a);
  const y = bitsOf(b);
  return x.length === y.length && x.every((word, i) => word === y[i]);
}

/** The same memory as 32-bit words: comparing and copying words keeps NaN payloads and signed zeros. */
export function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** Splats with a value that is not an ordinary number. */
export interface NonFinite {
  readonly attribute: Attribute;
  readonly kind: "NaN" | "+infinity" | "-infinity";
  /** Number of splats, and the index of the first. */
  readonly count: number;
  readonly first: number;
}

/** Every kind of non-finite value in every attribute; empty for a healthy scene. */
export function* findNonFinite(splats: Splats): InPieces<NonFinite[]> {
  const found: NonFinite[] = [];
  const total = ATTRIBUTES.reduce((sum, attribute) => sum + splats[attribute].length, 0);
  let seen = 0;
  for (const attribute of ATTRIBUTES) {
    const values = splats[attribute];
    let finite = true;
    for (let from = 0; from < values.length && finite; from += PIECE) {
      finite = areFinite(values.subarray(from, from + PIECE));
      yield (seen + from) / total;
    }
    seen += values.length;
    if (!finite) found.push(...classify(attribute, values, attributeWidth(attribute, splats.shDegree)));
  }
  return found;
}

/** Values looked at in one go: some milliseconds. */
const PIECE = 1 << 20;

function areFinite(values: Float32Array): boolean {
  // x - x is 0 for every finite x and NaN for all else: one cheap pass decides the common case.
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) return false;
  return true;
}

function classify(attribute: Attribute, values: Float32Array, width: number): NonFinite[] {
  const kinds = [
    { kind: "NaN", is: (x: number) => Number.isNaN(x) },
    { kind: "+infinity", is: (x: number) => x === Infinity },
    { kind: "-infinity", is: (x: number) => x === -Infinity },
  ] as const;
  return kinds.flatMap(({ kind, is }) => {
    let count = 0;
    let first = -1;
    for (let splat = 0; splat < values.length / width; splat++) {
      if (!values.subarray(splat * width, (splat + 1) * width).some(is)) continue;
      if (count++ === 0) first = splat;
    }
    return count ? [{ attribute, kind, count, first }] : [];
  });
}
