/** Row-major strides of a shape. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * dims[axis + 1]!;
  return strides;
}

/** Calls `visit` with every index of a shape in row-major order. The index array is reused. */
export function eachIndex(
  dims: readonly number[],
  visit: (index: readonly number[], flat: number) => void,
): void {
  const index = dims.map(() => 0);
  const total = dims.reduce((product, size) => product * size, 1);
  for (let flat = 0; flat < total; flat++) {
    visit(index, flat);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < dims[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** Elements of an array of shape `out`, each taken from where `source` says it lies. */
export function pick(
  out: readonly number[],
  values: readonly number[],
  source: (index: readonly number[]) => number,
): number[] {
  const result: number[] = [];
  eachIndex(out, (index) => result.push(values[source(index)]!));
  return result;
}

/** Where an element of a broadcast result lies in an operand of shape `dims`. */
export function broadcastSource(dims: readonly number[]): (index: readonly number[]) => number {
  const strides = stridesOf(dims).map((stride, axis) => (dims[axis] === 1 ? 0 : stride));
  return (index) => {
    const skip = index.length - dims.length;
    return strides.reduce((sum, stride, axis) => sum + stride * index[axis + skip]!, 0);
  };
}
