/**
 * Spherical harmonics turned with what they colour. A band of degree l turns by a (2l+1)² matrix of its own,
 *
 *   M[m][n] = ∫ Y_m(d) Y_n(R⁻¹ d) dω,
 *
 * since the basis is orthonormal and a turned band stays within itself. The product of two functions of degree 3 is a
 * polynomial of degree 6, for which a product quadrature (4 Gauss–Legendre heights × 8 equal angles) is exact, so the
 * matrices are too, up to rounding, whatever signs and order the basis has.
 */
import { shCoefficients, type ShDegree } from "./attributes.ts";
import { shBasis } from "./sh-basis.ts";

/** Row-major 3×3. */
export type Matrix3 = readonly number[]; // [9]

/** Matrices of bands 1 … degree, row-major, so that coefficients c become M c. */
export function shRotation(rotation: Matrix3, degree: ShDegree): readonly Float64Array[] {
  const bands = Array.from({ length: degree }, (_, l) => new Float64Array((2 * l + 3) ** 2));
  const here = new Float64Array(16);
  const back = new Float64Array(16);
  for (const { x, y, z, weight } of QUADRATURE) {
    const turned = (axis: number): number =>
      rotation[axis]! * x + rotation[3 + axis]! * y + rotation[6 + axis]! * z; // R⁻¹ = Rᵀ
    shBasis(x, y, z, here);
    shBasis(turned(0), turned(1), turned(2), back);
    bands.forEach((matrix, i) => {
      const [first, size] = [shCoefficients(i as ShDegree), 2 * i + 3];
      for (let m = 0; m < size; m++) {
        for (let n = 0; n < size; n++) matrix[m * size + n]! += weight * here[first + m]! * back[first + n]!;
      }
    });
  }
  return bands;
}

/** Turns the coefficients [K, 3] that begin at `at`, in place. */
export function rotateSh(sh: Float32Array, at: number, bands: readonly Float64Array[]): void {
  let first = at + 3;
  for (let l = 1; l <= bands.length; l++) {
    const matrix = bands[l - 1]!;
    const size = 2 * l + 1;
    const floats = 3 * size;
    for (let k = 0; k < floats; k++) before[k] = sh[first + k]!;
    for (let m = 0, entry = 0; m < size; m++) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let k = 0; k < floats; k += 3) {
        const factor = matrix[entry++]!;
        r += factor * before[k]!;
        g += factor * before[k + 1]!;
        b += factor * before[k + 2]!;
      }
      sh[first + 3 * m] = r;
      sh[first + 3 * m + 1] = g;
      sh[first + 3 * m + 2] = b;
    }
    first += floats;
  }
}

const before = new Float64Array(21);

/** Nodes and weights of the 4-point Gauss–Legendre rule on [−1, 1] (Abramowitz & Stegun 25.4.30). */
const HEIGHTS = [-1, 1].flatMap((sign) =>
  [-1, 1].map((inner) => ({
    z: sign * Math.sqrt(3 / 7 + ((inner * 2) / 7) * Math.sqrt(6 / 5)),
    weight: (18 - inner * Math.sqrt(30)) / 36,
  })),
);
const ANGLES = 8;
const QUADRATURE = HEIGHTS.flatMap(({ z, weight }) =>
  Array.from({ length: ANGLES }, (_, k) => {
    const angle = (2 * Math.PI * (k + 0.5)) / ANGLES;
    const radius = Math.sqrt(1 - z * z);
    return {
      ...{ x: radius * Math.cos(angle), y: radius * Math.sin(angle), z },
      weight: (weight * 2 * Math.PI) / ANGLES,
    };
  }),
);
