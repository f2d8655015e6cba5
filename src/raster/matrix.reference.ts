/** Small dense matrices for the float64 reference code: rows of numbers, clarity before speed. */
export type Matrix = readonly (readonly number[])[];

export const transpose = (a: Matrix): number[][] => a[0]!.map((_, j) => a.map((row) => row[j]!));

export const multiply = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));

/** The product of several matrices, left to right. */
export const product = (first: Matrix, ...rest: readonly Matrix[]): Matrix => rest.reduce(multiply, first);

export const map = (a: Matrix, f: (value: number, row: number, column: number) => number): number[][] =>
  a.map((row, i) => row.map((value, j) => f(value, i, j)));

export const apply = (a: Matrix, x: readonly number[]): number[] =>
  a.map((row) => row.reduce((sum, value, k) => sum + value * x[k]!, 0));

/** a · diag(d) */
export const scaleColumns = (a: Matrix, d: readonly number[]): number[][] =>
  map(a, (value, _i, j) => value * d[j]!);
