/**
 * EWA projection of splats to the screen and its derivative, float64 twin of shaders/raster/project.wgsl and
 * project-vjp.wgsl. Zwicker et al. 2001 ("EWA Splatting"); clamped Jacobian and low-pass as in Kerbl et al. 2023,
 * opacity compensation as in Yu et al. 2024 ("Mip-Splatting", eq. 9's 2D filter).
 *
 *   m = R_c μ + t,   u = f m_xy / m_z + c,   Σ' = T Σ Tᵀ + 0.3 I,   T = J R_c,   Σ = M Mᵀ,   M = R(q) diag(eˡ)
 */
import type { Camera, Vec3 } from "../camera/camera.ts";
import { cameraCenter } from "../camera/pose.ts";
import type { FloatArray } from "../core/tensor.ts";
import { attributeWidth, shCoefficients, type Attribute, type ShDegree } from "../scene/attributes.ts";
import { apply, map, multiply, product, scaleColumns, transpose, type Matrix } from "./matrix.reference.ts";
import { rotation, rotationVjp } from "./rotation.reference.ts";
import { shColor, shColorVjp } from "./sh.reference.ts";

/** px² added to the screen covariance. */
export const LOW_PASS = 0.3;

export type ReferenceSplats<A extends FloatArray> = { readonly [K in Attribute]: A } & {
  readonly count: number;
  readonly shDegree: ShDegree;
};

/** Splats as the screen sees them. As cotangents, the same with `v` values; `visible` is then not used. */
export interface ProjectedSplats<A extends FloatArray> {
  readonly meansPx: A; // [N, 2]
  /** Inverse screen covariance (Q11, Q12, Q22). */
  readonly conics: A; // [N, 3]
  /** With the antialiasing factor in. */
  readonly opacities: A; // [N]
  readonly colors: A; // [N, 3]
  readonly depths: A; // [N]
  readonly visible: Uint8Array; // [N]
}

export interface ProjectionSettings {
  readonly camera: Camera;
  readonly antialias: boolean;
  readonly shDegree?: number;
}

export function project<A extends FloatArray>(
  splats: ReferenceSplats<A>,
  settings: ProjectionSettings,
): ProjectedSplats<A> {
  const out = emptyProjection(splats);
  for (let i = 0; i < splats.count; i++) {
    const { mean, conic, opacity, depth } = geometry(splats, i, settings);
    const color = shade(splats, i, settings).color.map((value) => Math.max(0, value));
    const isVisible =
      depth >= settings.camera.near && [...mean, ...conic, opacity, depth, ...color].every(Number.isFinite);
    if (!isVisible) continue;
    out.visible[i] = 1;
    out.meansPx.set(mean, 2 * i);
    out.conics.set(conic, 3 * i);
    out.opacities[i] = opacity;
    out.depths[i] = depth;
    out.colors.set(color, 3 * i);
  }
  return out;
}

/** Cotangents of the splats' raw parameters; zero for splats that were not visible. */
export function projectVjp<A extends FloatArray>(
  splats: ReferenceSplats<A>,
  settings: ProjectionSettings,
  projected: ProjectedSplats<A>,
  v: ProjectedSplats<A>,
): ReferenceSplats<A> {
  const out = emptySplats(splats);
  for (let i = 0; i < splats.count; i++) {
    if (!projected.visible[i]) continue;
    const vMean = geometryVjp(splats, i, settings, v, out);
    const vMeanOfColor = shadeVjp(splats, i, settings, v, out);
    out.means.set(
      vMean.map((value, k) => value + vMeanOfColor[k]!),
      3 * i,
    );
  }
  return out;
}

/** Everything between the raw parameters of splat `i` and its ellipse, named as in the header. */
function geometry<A extends FloatArray>(splats: ReferenceSplats<A>, i: number, settings: ProjectionSettings) {
  const { camera } = settings;
  const { fx, fy, cx, cy } = camera;
  const { rotation: Rc, translation } = pose(camera);

  const quaternion = row(splats.quaternions, i, 4);
  const scales = row(splats.logScales, i, 3).map(Math.exp);
  const R = rotation(quaternion);
  const M = scaleColumns(R, scales);

  const [x, y, z] = apply(Rc, row(splats.means, i, 3)).map((value, k) => value + translation[k]!) as [
    number,
    number,
    number,
  ];
  const limits = jacobianLimits(camera);
  const slopes = [clamp(x / z, limits.x), clamp(y / z, limits.y)] as const;
  const J: Matrix = [
    [fx / z, 0, (-fx * slopes[0]) / z],
    [0, fy / z, (-fy * slopes[1]) / z],
  ];
  const T = multiply(J, Rc);
  const A = multiply(T, M);
  const sigma2 = multiply(A, transpose(A));
  const sigmaBlurred = map(sigma2, (value, r, c) => value + (r === c ? LOW_PASS : 0));
  // Sums of squares, exact for needles too: det A Aᵀ = |u × v|² with u, v the rows of A.
  const detUnblurred = crossSquared(A[0]!, A[1]!);
  const det = detUnblurred + LOW_PASS * (sigma2[0]![0]! + sigma2[1]![1]!) + LOW_PASS ** 2;
  const Q = map(adjugate2(sigmaBlurred), (value) => value / det);
  const rho = settings.antialias ? Math.sqrt(detUnblurred / det) : 1;
  const sigmoid = 1 / (1 + Math.exp(-splats.opacityLogits[i]!));

  return {
    mean: [(fx * x) / z + cx, (fy * y) / z + cy],
    conic: [Q[0]![0]!, Q[0]![1]!, Q[1]![1]!],
    opacity: rho * sigmoid,
    depth: z,
    ...{ quaternion, scales, R, M, Rc, J, T, Q, det, x, y, z, slopes, rho, sigmoid },
    isClamped: [slopes[0] !== x / z, slopes[1] !== y / z] as const,
  };
}

/** Writes the cotangents of quaternion, log-scale and opacity; returns the mean's, without the colour's part. */
function geometryVjp<A extends FloatArray>(
  splats: ReferenceSplats<A>,
  i: number,
  settings: ProjectionSettings,
  v: ProjectedSplats<A>,
  out: ReferenceSplats<A>,
): number[] {
  const { fx, fy } = settings.camera;
  const g = geometry(splats, i, settings);
  const { x, y, z, J, T, M, Q, Rc } = g;
  const [vu, vv] = row(v.meansPx, i, 2) as [number, number];
  const [va, vb, vc] = row(v.conics, i, 3) as [number, number, number];
  const vOpacity = v.opacities[i]!;

  const vQ = [
    [va, vb / 2],
    [vb / 2, vc],
  ];
  let vSigma2: Matrix = map(product(Q, vQ, Q), (value) => -value);
  if (settings.antialias && g.rho > 0) {
    // ∂ρ/∂Σ₂ = (1 − ρ²) Q / 2ρ − 0.3 det(Q) / 2ρ
    const scale = (g.sigmoid * vOpacity) / (2 * g.rho);
    vSigma2 = map(vSigma2, (value, r, c) => {
      const blur = r === c ? LOW_PASS / g.det : 0;
      return value + scale * ((1 - g.rho * g.rho) * Q[r]![c]! - blur);
    });
  }
  out.opacityLogits[i] = vOpacity * g.rho * g.sigmoid * (1 - g.sigmoid);

  const sigmaCamera = product(Rc, M, transpose(M), transpose(Rc));
  const vJ = map(product(vSigma2, J, sigmaCamera), (value) => 2 * value);
  const [vJ11, vJ13, vJ22, vJ23] = [vJ[0]![0]!, vJ[0]![2]!, vJ[1]![1]!, vJ[1]![2]!];
  const [clampedX, clampedY] = g.isClamped;
  const z2 = z * z;
  const vCamera = [
    (fx / z) * vu - (clampedX ? 0 : (fx / z2) * vJ13),
    (fy / z) * vv - (clampedY ? 0 : (fy / z2) * vJ23),
    (-(fx * x * vu + fy * y * vv) - fx * vJ11 - fy * vJ22) / z2 +
      ((clampedX ? 1 : 2) * fx * g.slopes[0] * vJ13) / z2 +
      ((clampedY ? 1 : 2) * fy * g.slopes[1] * vJ23) / z2 +
      v.depths[i]!,
  ];

  const vM = map(product(transpose(T), vSigma2, T, M), (value) => 2 * value);
  const vScales = g.scales.map((_, k) => [0, 1, 2].reduce((sum, r) => sum + g.R[r]![k]! * vM[r]![k]!, 0));
  out.logScales.set(
    vScales.map((value, k) => value * g.scales[k]!),
    3 * i,
  );
  out.quaternions.set(rotationVjp(g.quaternion, scaleColumns(vM, g.scales)), 4 * i);
  return apply(transpose(Rc), vCamera);
}

/** View-dependent colour before the clamp. */
function shade<A extends FloatArray>(splats: ReferenceSplats<A>, i: number, settings: ProjectionSettings) {
  const drawn = Math.min(settings.shDegree ?? splats.shDegree, splats.shDegree) as ShDegree;
  const width = attributeWidth("sh", splats.shDegree);
  const sh = splats.sh.subarray(i * width, i * width + 3 * shCoefficients(drawn));
  const centre = cameraCenter(settings.camera.worldToCamera);
  const offset = row(splats.means, i, 3).map((value, k) => value - centre[k]!);
  const distance = Math.hypot(...offset);
  const direction = offset.map((value) => value / distance) as unknown as Vec3;
  return { color: shColor(direction, sh), sh, direction, distance };
}

/** Writes the SH cotangent; returns the mean's part that comes through the view direction. */
function shadeVjp<A extends FloatArray>(
  splats: ReferenceSplats<A>,
  i: number,
  settings: ProjectionSettings,
  v: ProjectedSplats<A>,
  out: ReferenceSplats<A>,
): number[] {
  const { color, sh, direction, distance } = shade(splats, i, settings);
  const vColor = row(v.colors, i, 3).map((value, k) => (color[k]! > 0 ? value : 0)) as unknown as Vec3;
  const { vSh, vDirection } = shColorVjp(direction, sh, vColor);
  out.sh.set(vSh, i * attributeWidth("sh", splats.shDegree));
  const along = vDirection.reduce((sum, value, k) => sum + value * direction[k]!, 0);
  return vDirection.map((value, k) => (value - along * direction[k]!) / distance);
}

/** Limits of x/z and y/z inside the Jacobian: 30 % of half the field of view beyond the image's edges. */
export function jacobianLimits({ width, height, fx, fy, cx, cy }: Camera) {
  const axis = (size: number, f: number, c: number): readonly [number, number] => {
    const margin = (0.3 * size) / (2 * f);
    return [-(c / f + margin), (size - c) / f + margin];
  };
  return { x: axis(width, fx, cx), y: axis(height, fy, cy) };
}

function pose({ worldToCamera: w }: Camera) {
  const rows = [0, 1, 2].map((r) => w.slice(4 * r, 4 * r + 3));
  return { rotation: rows as Matrix, translation: [w[3]!, w[7]!, w[11]!] };
}

const clamp = (value: number, [low, high]: readonly [number, number]): number =>
  Math.min(high, Math.max(low, value));

const adjugate2 = (m: Matrix): Matrix => [
  [m[1]![1]!, -m[0]![1]!],
  [-m[1]![0]!, m[0]![0]!],
];

const crossSquared = ([a, b, c]: readonly number[], [x, y, z]: readonly number[]): number =>
  (b! * z! - c! * y!) ** 2 + (c! * x! - a! * z!) ** 2 + (a! * y! - b! * x!) ** 2;

const row = (data: FloatArray, i: number, width: number): number[] =>
  Array.from(data.subarray(i * width, (i + 1) * width));

/** A zero array of the same float type. */
export function zerosLike<A extends FloatArray>(like: A, length: number): A {
  return new (like.constructor as new (length: number) => A)(length);
}

export function emptyProjection<A extends FloatArray>({
  means,
  count,
}: {
  readonly means: A;
  readonly count: number;
}): ProjectedSplats<A> {
  return {
    meansPx: zerosLike(means, 2 * count),
    conics: zerosLike(means, 3 * count),
    opacities: zerosLike(means, count),
    colors: zerosLike(means, 3 * count),
    depths: zerosLike(means, count),
    visible: new Uint8Array(count),
  };
}

function emptySplats<A extends FloatArray>(splats: ReferenceSplats<A>): ReferenceSplats<A> {
  const { count, shDegree } = splats;
  return {
    count,
    shDegree,
    means: zerosLike(splats.means, splats.means.length),
    quaternions: zerosLike(splats.means, splats.quaternions.length),
    logScales: zerosLike(splats.means, splats.logScales.length),
    opacityLogits: zerosLike(splats.means, splats.opacityLogits.length),
    sh: zerosLike(splats.means, splats.sh.length),
  };
}
