/**
 * Front-to-back compositing of projected splats and its derivative, float64 twin of shaders/raster/rasterize.wgsl
 * and rasterize-vjp.wgsl. Dense: every pixel looks at every splat, no tiles and no bounds.
 *
 *   α_i = min(0.99, o_i e^(−σ_i)),  w_i = α_i T_i,  T_{i+1} = T_i (1 − α_i),
 *   image = Σ w_i c_i + T b,  alpha = Σ w_i,  depth = Σ w_i z_i
 */
import type { Vec3 } from "../camera/camera.ts";
import type { FloatArray } from "../core/tensor.ts";
import { emptyProjection, zerosLike, type ProjectedSplats } from "./project.reference.ts";

export const ALPHA_MAX = 0.99;
export const ALPHA_MIN = 1 / 255;
export const TRANSMITTANCE_MIN = 1e-4;

export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly background: Vec3;
}

/** Images, or their cotangents, channel-major. */
export interface ReferenceImages<A extends FloatArray> {
  readonly image: A; // [3, H, W]
  readonly alpha: A; // [1, H, W]
  readonly depth: A; // [1, H, W]
}

/** What one splat does to one pixel. */
interface Contribution {
  readonly splat: number;
  readonly dx: number;
  readonly dy: number;
  /** Before the clamp at 0.99. */
  readonly rawAlpha: number;
  readonly alpha: number;
  /** Transmittance in front of the splat. */
  readonly transmittance: number;
}

/** Visible splats, nearest first; equal depths keep their order. */
export function depthOrder({ visible, depths }: ProjectedSplats<FloatArray>): Uint32Array {
  const indices = Array.from(visible.keys()).filter((i) => visible[i]);
  return Uint32Array.from(indices.sort((a, b) => depths[a]! - depths[b]! || a - b));
}

export function rasterize<A extends FloatArray>(
  splats: ProjectedSplats<A>,
  canvas: Canvas,
): ReferenceImages<A> {
  const { width, height, background } = canvas;
  const pixels = width * height;
  const image = zerosLike(splats.depths, 3 * pixels);
  const alpha = zerosLike(splats.depths, pixels);
  const depth = zerosLike(splats.depths, pixels);
  const order = depthOrder(splats);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const contributions = walkPixel(splats, order, pixel % width, Math.floor(pixel / width));
    for (const { splat, alpha: a, transmittance } of contributions) {
      const weight = a * transmittance;
      for (let c = 0; c < 3; c++) image[c * pixels + pixel]! += weight * splats.colors[3 * splat + c]!;
      alpha[pixel]! += weight;
      depth[pixel]! += weight * splats.depths[splat]!;
    }
    const rest = transmittanceBehind(contributions);
    for (let c = 0; c < 3; c++) image[c * pixels + pixel]! += rest * background[c]!;
  }
  return { image, alpha, depth };
}

/**
 * Every output is Σ w_i f_i plus a constant (the background enters as c_i − b), so with h_i = f_i · v the
 * derivative is ∂/∂α_i = T_i h_i − Σ_{j>i} w_j h_j / (1 − α_i), summed back to front.
 */
export function rasterizeVjp<A extends FloatArray>(
  splats: ProjectedSplats<A>,
  canvas: Canvas,
  v: ReferenceImages<A>,
): ProjectedSplats<A> {
  const { width, height, background } = canvas;
  const pixels = width * height;
  const out = emptyProjection({ means: splats.meansPx, count: splats.depths.length });
  const order = depthOrder(splats);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const vColor = [0, 1, 2].map((c) => v.image[c * pixels + pixel]!);
    const vDepth = v.depth[pixel]!;
    let behind = 0;
    for (const contribution of walkPixel(splats, order, pixel % width, Math.floor(pixel / width)).reverse()) {
      const { splat, dx, dy, alpha, rawAlpha, transmittance } = contribution;
      const weight = alpha * transmittance;
      let h = v.alpha[pixel]! + splats.depths[splat]! * vDepth;
      for (let c = 0; c < 3; c++) {
        h += (splats.colors[3 * splat + c]! - background[c]!) * vColor[c]!;
        out.colors[3 * splat + c]! += weight * vColor[c]!;
      }
      out.depths[splat]! += weight * vDepth;
      const vAlpha = transmittance * h - behind / (1 - alpha);
      behind += weight * h;
      if (rawAlpha > ALPHA_MAX) continue;

      const [a, b, c] = [0, 1, 2].map((k) => splats.conics[3 * splat + k]!) as [number, number, number];
      const vSigma = -rawAlpha * vAlpha;
      out.opacities[splat]! += (rawAlpha / splats.opacities[splat]!) * vAlpha;
      out.meansPx[2 * splat]! += vSigma * (a * dx + b * dy);
      out.meansPx[2 * splat + 1]! += vSigma * (b * dx + c * dy);
      out.conics[3 * splat]! += 0.5 * dx * dx * vSigma;
      out.conics[3 * splat + 1]! += dx * dy * vSigma;
      out.conics[3 * splat + 2]! += 0.5 * dy * dy * vSigma;
    }
  }
  return out;
}

/** The splats drawn at a pixel, front to back. A splat that would leave T below 1e-4 ends the walk, undrawn. */
function walkPixel(
  splats: ProjectedSplats<FloatArray>,
  order: Uint32Array,
  column: number,
  row: number,
): Contribution[] {
  const drawn: Contribution[] = [];
  let transmittance = 1;
  for (const splat of order) {
    const { dx, dy, rawAlpha } = alphaAt(splats, splat, column, row);
    if (rawAlpha < ALPHA_MIN) continue;
    const alpha = Math.min(ALPHA_MAX, rawAlpha);
    const next = transmittance * (1 - alpha);
    if (next < TRANSMITTANCE_MIN) break;
    drawn.push({ splat, dx, dy, rawAlpha, alpha, transmittance });
    transmittance = next;
  }
  return drawn;
}

function alphaAt(
  { meansPx, conics, opacities }: ProjectedSplats<FloatArray>,
  i: number,
  column: number,
  row: number,
) {
  const dx = meansPx[2 * i]! - (column + 0.5);
  const dy = meansPx[2 * i + 1]! - (row + 0.5);
  const sigma =
    0.5 * (conics[3 * i]! * dx * dx + conics[3 * i + 2]! * dy * dy) + conics[3 * i + 1]! * dx * dy;
  return { dx, dy, rawAlpha: opacities[i]! * Math.exp(-Math.max(0, sigma)) };
}

function transmittanceBehind(contributions: readonly Contribution[]): number {
  const last = contributions.at(-1);
  return last ? last.transmittance * (1 - last.alpha) : 1;
}

/**
 * 1 where the picture is about to jump: an alpha within `alphaBand` of the cut-off or the clamp, or a
 * transmittance within 0.1 % of the stop. Derivatives and other precisions are not comparable there.
 */
export function fragilePixels(
  splats: ProjectedSplats<FloatArray>,
  { width, height }: Canvas,
  alphaBand = 1e-5,
): Uint8Array {
  const order = depthOrder(splats);
  return Uint8Array.from({ length: width * height }, (_, pixel) => {
    let transmittance = 1;
    for (const splat of order) {
      const { rawAlpha } = alphaAt(splats, splat, pixel % width, Math.floor(pixel / width));
      if ([ALPHA_MIN, ALPHA_MAX].some((threshold) => Math.abs(rawAlpha - threshold) < alphaBand)) return 1;
      if (rawAlpha < ALPHA_MIN) continue;
      transmittance *= 1 - Math.min(ALPHA_MAX, rawAlpha);
      if (Math.abs(transmittance - TRANSMITTANCE_MIN) < 1e-3 * TRANSMITTANCE_MIN) return 1;
      if (transmittance < TRANSMITTANCE_MIN) break;
    }
    return 0;
  });
}
