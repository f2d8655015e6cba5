/** Host-shareable memory layouts as WGSL defines them (§14.4), so that structs are written by field name. */
import { assert } from "../core/assert.ts";
import { evaluate } from "./wgsl-constants.ts";
import type { Reflection } from "./wgsl-reflect.ts";

/** A number, the components of a vector or array, the columns of a matrix one after the other, or a struct. */
export type UniformValue = number | boolean | ArrayLike<number> | UniformValues;
export interface UniformValues {
  readonly [field: string]: UniformValue;
}

type Scalar = "f32" | "u32" | "i32";
interface Layout {
  readonly size: number;
  readonly align: number;
  /** Byte offset and type of each component, in the order the values are given. */
  readonly components?: readonly number[];
  readonly scalar?: Scalar;
  readonly fields?: ReadonlyMap<string, { readonly offset: number; readonly layout: Layout }>;
}

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const SHORT: Readonly<Record<string, Scalar>> = { f: "f32", u: "u32", i: "i32" };

export function layoutOf(type: string, reflection: Reflection): Layout {
  const compact = type.replace(/\s+/g, "");
  if (/^(f32|u32|i32)$/.test(compact)) {
    return { size: 4, align: 4, components: [0], scalar: compact as Scalar };
  }
  const atomic = /^atomic<(.+)>$/.exec(compact);
  if (atomic) return layoutOf(atomic[1]!, reflection);
  const vector = /^vec([234])(?:([fui])|<([fui]32)>)$/.exec(compact);
  if (vector) return vectorLayout(Number(vector[1]), (vector[3] as Scalar) ?? SHORT[vector[2]!]!);
  const matrix = /^mat([234])x([234])(?:f|<f32>)$/.exec(compact);
  if (matrix) return arrayLayout(vectorLayout(Number(matrix[2]), "f32"), Number(matrix[1]));
  const array = /^array<(.+),([^,<>]+)>$/.exec(compact);
  if (array) {
    const count = evaluate(array[2]!, reflection.constants);
    assert(count !== undefined, `array length "${array[2]}" is not a known constant`);
    return arrayLayout(layoutOf(array[1]!, reflection), count);
  }
  return structLayout(compact, reflection);
}

function vectorLayout(n: number, scalar: Scalar): Layout {
  return { size: 4 * n, align: n === 2 ? 8 : 16, components: range(n).map((i) => 4 * i), scalar };
}

function arrayLayout(element: Layout, count: number): Layout {
  const { components, scalar } = element;
  assert(components && scalar, "arrays of structs are not written by the host");
  const stride = roundUp(element.size, element.align);
  return {
    size: stride * count,
    align: element.align,
    components: range(count).flatMap((i) => components.map((offset) => i * stride + offset)),
    scalar,
  };
}

function structLayout(name: string, reflection: Reflection): Layout {
  const declared = reflection.structs.get(name);
  assert(declared, `no host-shareable type "${name}"`);
  const fields = new Map<string, { offset: number; layout: Layout }>();
  let end = 0;
  let align = 1;
  for (const field of declared) {
    const layout = layoutOf(field.type, reflection);
    const fieldAlign = field.align ?? layout.align;
    const offset = roundUp(end, fieldAlign);
    fields.set(field.name, { offset, layout });
    end = offset + (field.size ?? layout.size);
    align = Math.max(align, fieldAlign);
  }
  return { size: roundUp(end, align), align, fields };
}

/** Writes a struct. Every field has to be given, and nothing else. */
export function packUniforms(layout: Layout, values: UniformValues, what: string): ArrayBuffer {
  const bytes = new ArrayBuffer(roundUp(layout.size, 16));
  writeStruct(new DataView(bytes), 0, layout, values, what);
  return bytes;
}

function writeStruct(
  view: DataView,
  base: number,
  layout: Layout,
  values: UniformValues,
  what: string,
): void {
  assert(layout.fields, `${what} is not a struct`);
  for (const name of Object.keys(values)) assert(layout.fields.has(name), `${what} has no field "${name}"`);
  for (const [name, field] of layout.fields) {
    const value = values[name];
    assert(value !== undefined, `${what}.${name} is missing`);
    writeValue(view, base + field.offset, field.layout, value, `${what}.${name}`);
  }
}

function writeValue(view: DataView, base: number, layout: Layout, value: UniformValue, what: string): void {
  const { components, scalar } = layout;
  if (!components || !scalar) return writeStruct(view, base, layout, value as UniformValues, what);
  const numbers = typeof value === "object" ? (value as ArrayLike<number>) : [Number(value)];
  assert(
    numbers.length === components.length,
    `${what}: got ${numbers.length} values, expected ${components.length}`,
  );
  components.forEach((offset, i) => writeScalar(view, base + offset, scalar, numbers[i]!, what));
}

function writeScalar(view: DataView, offset: number, scalar: Scalar, value: number, what: string): void {
  if (scalar === "f32") return view.setFloat32(offset, value, true);
  const [min, max] = scalar === "u32" ? [0, 0xffffffff] : [-0x80000000, 0x7fffffff];
  assert(Number.isInteger(value) && value >= min && value <= max, `${what}: ${value} is no ${scalar}`);
  if (scalar === "u32") view.setUint32(offset, value, true);
  else view.setInt32(offset, value, true);
}
