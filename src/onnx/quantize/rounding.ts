/**
 * Floats as integers times a scale: w ≈ q·s. A group of weights shares one scale, which is chosen for the least
 * squared error rather than for the largest weight.
 */

/** Elements start + outer·stride + inner of a tensor. */
export interface Group {
  readonly start: number;
  readonly outer: number;
  readonly stride: number;
  readonly inner: number;
}

/** One group for each index of an axis. */
export function channelGroups(dims: readonly number[], axis: number): readonly Group[] {
  const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
  const inner = product(dims.slice(axis + 1));
  const outer = product(dims.slice(0, axis));
  return Array.from({ length: dims[axis]! }, (_, channel) => ({
    start: channel * inner,
    outer,
    stride: dims[axis]! * inner,
    inner,
  }));
}

/** Codes from `low` to `high`. */
export interface IntegerRange {
  readonly low: number;
  readonly high: number;
}
export const INT8: IntegerRange = { low: -127, high: 127 };
/** As MatMulNBits stores them: unsigned with the zero point in the middle. */
export const UINT8_CENTRED: IntegerRange = { low: -128, high: 127 };
export const UINT4_CENTRED: IntegerRange = { low: -8, high: 7 };

/** Parts of the largest weight that the range may end at. Few bits gain by cutting outliers, many hardly do. */
const CLIPPING: Readonly<Record<"few" | "many", readonly number[]>> = {
  few: [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7],
  many: [1, 0.97, 0.94, 0.91, 0.88],
};

/** Writes the codes of a group and returns its scale; 0 for a group of zeros. */
export function roundGroup(
  values: Float32Array,
  group: Group,
  range: IntegerRange,
  codes: Int8Array,
  toScale: (scale: number) => number = Math.fround,
): number {
  const { smallest, largest } = extremes(values, group);
  const reach = Math.max(-smallest, largest);
  if (reach === 0) return 0;
  // Where one side of the range is longer, the larger extreme goes there: a negative scale turns the range around.
  const isUneven = -range.low > range.high;
  const sign = isUneven && largest > -smallest ? -1 : 1;
  const steps = isUneven ? -range.low : range.high;
  let best = { scale: 0, error: Infinity };
  for (const part of CLIPPING[range.high < 16 ? "few" : "many"]) {
    const first = (sign * part * reach) / steps;
    // With the codes fixed the best scale is a projection; once is enough.
    for (const scale of [first, project(values, group, range, first)].map(toScale)) {
      const error = scale === 0 ? Infinity : errorOf(values, group, range, scale);
      if (error < best.error) best = { scale, error };
    }
  }
  if (best.scale !== 0) write(values, group, range, best.scale, codes);
  return best.scale;
}

function extremes(values: Float32Array, group: Group): { smallest: number; largest: number } {
  let [smallest, largest] = [0, 0];
  for (let o = 0, row = group.start; o < group.outer; o++, row += group.stride) {
    for (let i = row; i < row + group.inner; i++) {
      const value = values[i]!;
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    }
  }
  return { smallest, largest };
}

function code(value: number, { low, high }: IntegerRange, inverse: number): number {
  const rounded = Math.round(value * inverse);
  return rounded < low ? low : rounded > high ? high : rounded;
}

function errorOf(values: Float32Array, group: Group, range: IntegerRange, scale: number): number {
  const inverse = 1 / scale;
  let sum = 0;
  for (let o = 0, row = group.start; o < group.outer; o++, row += group.stride) {
    for (let i = row; i < row + group.inner; i++) {
      const error = values[i]! - scale * code(values[i]!, range, inverse);
      sum += error * error;
    }
  }
  return sum;
}

/** Σ w·q / Σ q² for the codes that a scale gives. */
function project(values: Float32Array, group: Group, range: IntegerRange, scale: number): number {
  const inverse = 1 / scale;
  let [products, squares] = [0, 0];
  for (let o = 0, row = group.start; o < group.outer; o++, row += group.stride) {
    for (let i = row; i < row + group.inner; i++) {
      const q = code(values[i]!, range, inverse);
      products += values[i]! * q;
      squares += q * q;
    }
  }
  return squares > 0 ? products / squares : scale;
}

function write(
  values: Float32Array,
  group: Group,
  range: IntegerRange,
  scale: number,
  codes: Int8Array,
): void {
  const inverse = 1 / scale;
  for (let o = 0, row = group.start; o < group.outer; o++, row += group.stride) {
    for (let i = row; i < row + group.inner; i++) codes[i] = code(values[i]!, range, inverse);
  }
}
