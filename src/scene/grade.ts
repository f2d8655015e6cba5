/**
 * Colour grading of splats. Every control is linear in colour, so it acts on the SH coefficients themselves,
 *
 *   colour' = M colour + o   ⇒   c₀' = (M (½ + C₀ c₀) + o − ½) / C₀ and c_k' = M c_k for all other k,
 *
 * and what is seen changes in the same way from every direction.
 */
import { shCoefficients, type Splats } from "./attributes.ts";
import { SH_C0 } from "./sh-basis.ts";

export interface Grade {
  /** Factor of all colours. */
  readonly brightness: number;
  /** Factor of the distance from middle grey. */
  readonly contrast: number;
  /** Factor of the distance from the grey of the same luminance. */
  readonly saturation: number;
  /** From −1, blue, to 1, amber. */
  readonly temperature: number;
  /** Factors of red, green and blue. */
  readonly tint: readonly [number, number, number];
  /** Factor of the opacity. */
  readonly opacity: number;
}

export const NEUTRAL: Grade = {
  brightness: 1,
  contrast: 1,
  saturation: 1,
  temperature: 0,
  tint: [1, 1, 1],
  opacity: 1,
};

/** Rec. 709. */
const LUMA = [0.2126, 0.7152, 0.0722] as const;
/** How much a full turn of the temperature adds to red and takes from blue. */
const WARMTH = 0.3;
/** Opacity never reaches 1, whose logit is infinite. */
const MAX_OPACITY = 1 - 1e-6;

/** What a grade does to a colour: row-major M, and o. */
export function gradeMatrix(grade: Grade): { readonly matrix: readonly number[]; readonly offset: number } {
  const { brightness, contrast, saturation, temperature, tint } = grade;
  const warm = [1 + WARMTH * temperature, 1, 1 - WARMTH * temperature];
  const matrix = [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map((column) => {
      const saturated = (1 - saturation) * LUMA[column]! + (row === column ? saturation : 0);
      return contrast * brightness * warm[row]! * tint[row]! * saturated;
    }),
  );
  return { matrix, offset: 0.5 * (1 - contrast) };
}

/** Grades all splats, or those in `rows`; arrays that nothing happens to are shared. */
export function gradeSplats(splats: Splats, grade: Grade, rows?: Uint32Array): Splats {
  const each = (work: (splat: number) => void): void => {
    const count = rows?.length ?? splats.count;
    for (let k = 0; k < count; k++) work(rows ? rows[k]! : k);
  };
  const { opacity, ...color } = grade;
  const { opacity: _, ...neutral } = NEUTRAL;
  const colors = JSON.stringify(color) !== JSON.stringify(neutral);
  return {
    ...splats,
    ...(colors && { sh: graded(splats, grade, each) }),
    ...(opacity !== 1 && { opacityLogits: faded(splats, opacity, each) }),
  };
}

type Each = (work: (splat: number) => void) => void;

function graded(splats: Splats, grade: Grade, each: Each): Float32Array {
  const sh = splats.sh.slice();
  const { matrix, offset } = gradeMatrix(grade);
  const [a, b, c, d, e, f, g, h, i] = matrix as [
    ...[number, number, number],
    ...[number, number, number],
    ...[number, number, number],
  ];
  // What ½ becomes, less ½, in coefficients.
  const shift = [a + b + c, d + e + f, g + h + i].map((sum) => (0.5 * sum + offset - 0.5) / SH_C0);
  const K = shCoefficients(splats.shDegree);
  each((splat) => {
    for (let k = 0, at = 3 * K * splat; k < K; k++, at += 3) {
      const [red, green, blue] = [sh[at]!, sh[at + 1]!, sh[at + 2]!];
      sh[at] = a * red + b * green + c * blue + (k === 0 ? shift[0]! : 0);
      sh[at + 1] = d * red + e * green + f * blue + (k === 0 ? shift[1]! : 0);
      sh[at + 2] = g * red + h * green + i * blue + (k === 0 ? shift[2]! : 0);
    }
  });
  return sh;
}

function faded(splats: Splats, factor: number, each: Each): Float32Array {
  const logits = splats.opacityLogits.slice();
  each((splat) => {
    const opacity = Math.min(factor / (1 + Math.exp(-logits[splat]!)), MAX_OPACITY);
    logits[splat] = Math.log(opacity / (1 - opacity));
  });
  return logits;
}
