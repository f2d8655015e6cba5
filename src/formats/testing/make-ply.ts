/** PLY files for tests, written plainly from a description, independently of the writer under test. */
import type { ScalarType } from "../ply/header.ts";

export interface PlyRecipe {
  readonly encoding: "ascii" | "binary_little_endian" | "binary_big_endian";
  /** Lines between `format` and the vertex element, e.g. comments. */
  readonly lines?: readonly string[];
  readonly properties: readonly (readonly [name: string, type: ScalarType | "float" | "double" | "uchar"])[];
  /** Vertex count as the header says it; by default the number of records. */
  readonly count?: number | string;
  readonly records: readonly (readonly number[])[];
  /** Header lines of elements before and after, and their data. */
  readonly before?: { readonly lines: readonly string[]; readonly data: Uint8Array };
  readonly after?: { readonly lines: readonly string[]; readonly data: Uint8Array };
  readonly lineEnd?: string;
  /** Bytes that the header does not know of. */
  readonly trailing?: Uint8Array;
}

const SIZES: Record<string, number> = {
  int8: 1,
  uint8: 1,
  uchar: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  float: 4,
  float64: 8,
  double: 8,
};

export function makePly(recipe: PlyRecipe): Uint8Array<ArrayBuffer> {
  const { encoding, properties, records, lineEnd = "\n" } = recipe;
  const header = [
    "ply",
    `format ${encoding} 1.0`,
    ...(recipe.lines ?? []),
    ...(recipe.before?.lines ?? []),
    `element vertex ${recipe.count ?? records.length}`,
    ...properties.map(([name, type]) => `property ${type} ${name}`),
    ...(recipe.after?.lines ?? []),
    "end_header",
    "",
  ].join(lineEnd);
  const body =
    encoding === "ascii"
      ? text(records.map((record) => record.map(spell).join(" ") + lineEnd).join(""))
      : binary(recipe);
  return bytesOf(
    text(header),
    recipe.before?.data ?? text(""),
    body,
    recipe.after?.data ?? text(""),
    recipe.trailing ?? text(""),
  );
}

const spell = (value: number): string => (Object.is(value, -0) ? "-0.0" : String(value));

function binary({ encoding, properties, records }: PlyRecipe): Uint8Array {
  const stride = properties.reduce((sum, [, type]) => sum + SIZES[type]!, 0);
  const bytes = new Uint8Array(stride * records.length);
  const view = new DataView(bytes.buffer);
  const little = encoding === "binary_little_endian";
  let at = 0;
  for (const record of records) {
    properties.forEach(([, type], i) => {
      const value = record[i]!;
      const size = SIZES[type]!;
      if (type === "float" || type === "float32") view.setFloat32(at, value, little);
      else if (size === 8) view.setFloat64(at, value, little);
      else if (size === 1) view.setUint8(at, value);
      else if (size === 2) view.setUint16(at, value, little);
      else view.setInt32(at, value, little);
      at += size;
    });
  }
  return bytes;
}

export const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);

export function bytesOf(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** INRIA's property names for a number of f_rest values. */
export function splatNames(rests: number): string[] {
  return [
    ...["x", "y", "z", "nx", "ny", "nz", "f_dc_0", "f_dc_1", "f_dc_2"],
    ...Array.from({ length: rests }, (_, i) => `f_rest_${i}`),
    ...["opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3"],
  ];
}

/** Records of values that float32 holds exactly and that tell splat and property apart. */
export function distinctRecords(count: number, width: number): number[][] {
  return Array.from({ length: count }, (_, i) => Array.from({ length: width }, (_, j) => i + j / 128 - 0.25));
}

export function splatPly(
  rests: number,
  count: number,
  more: Partial<PlyRecipe> = {},
): Uint8Array<ArrayBuffer> {
  const names = splatNames(rests);
  return makePly({
    encoding: "binary_little_endian",
    properties: names.map((name) => [name, "float"] as const),
    records: distinctRecords(count, names.length),
    ...more,
  });
}
