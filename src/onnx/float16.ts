/** IEEE 754 binary16, bit by bit: Float16Array is not in every engine we run on. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Rounds to nearest, ties to even. */
export function numberToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  // The quantum is 2^-24 for subnormals and 2^(e-10) above; dividing by a power of two is exact.
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || Number.MIN_VALUE)));
  const steps = roundTiesToEven(magnitude / 2 ** (exponent - 10));
  // A carry out of the fraction runs into the exponent, which is what rounding up to the next power of two means.
  return sign | (steps < 1024 ? steps : steps - 1024 + ((exponent + 15) << 10));
}

function roundTiesToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

let table: Float32Array | undefined;

/** Many at once: a table of all 65536 halves. */
export function halvesToFloats(halves: Uint16Array): Float32Array {
  const values = (table ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => halfToNumber(bits)));
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = values[halves[i]!]!;
  return floats;
}

/** As `numberToHalf`, many at once and from the bits of float32; beyond the range of halves is infinity. */
export function floatsToHalves(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const halves = new Uint16Array(floats.length);
  for (let i = 0; i < bits.length; i++) {
    const sign = (bits[i]! >>> 16) & 0x8000;
    const magnitude = bits[i]! & 0x7fffffff;
    // From 2^-14 up to 65520 exponent and fraction shift together; adding just below half rounds ties to even.
    const isNormal = magnitude >= 0x38800000 && magnitude < 0x477ff000;
    halves[i] = isNormal
      ? sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
      : numberToHalf(floats[i]!);
  }
  return halves;
}
