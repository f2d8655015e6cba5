import type { Ops } from "../ops.ts";
import { tensorOf } from "../tensor.ts";
import { transposeMatrix } from "./linear.ts";

/** A linear map along one axis: rows of outputs, columns of inputs. */
export type Matrix = readonly (readonly number[])[];

/** The map that takes output i from input source[i]. */
export function selection(source: readonly number[], size: number): Matrix {
  return source.map((from) => Array.from({ length: size }, (_, column) => (column === from ? 1 : 0)));
}

/** Where Pad's modes take element `index` from, an index that lies outside [0, size). */
export function paddingSource(mode: string, index: number, size: number): number {
  if (mode === "edge") return Math.max(0, Math.min(index, size - 1));
  if (mode === "wrap") return ((index % size) + size) % size;
  // Reflection without repeating the border, as often as it takes.
  const period = Math.max(1, 2 * (size - 1));
  const folded = ((index % period) + period) % period;
  return Math.min(folded, period - folded);
}

/** Pulls a cotangent back through a linear map along an axis: multiplies by its transpose. */
export function alongAxis(b: Ops, v: string, axis: number, matrix: Matrix): string {
  const [rows, columns] = [matrix.length, matrix[0]!.length];
  const constant = b.constant(tensorOf(b.type(v).dtype, [rows, columns], matrix.flat()), "map");
  const rank = b.dims(v).length;
  if (axis === rank - 1) return b.matMul(v, constant);
  if (axis === rank - 2) return b.matMul(transposeMatrix(b, constant), v);
  const last = b.dims(v).map((_, i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i));
  return b.transpose(b.matMul(b.transpose(v, last), constant), last);
}
