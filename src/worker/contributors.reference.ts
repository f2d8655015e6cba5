import type { ProjectedSplats } from "../raster/project.reference.ts";
import { SURFACE_WEIGHT, type Look } from "./contributors.ts";

/** Weight of each splat at a pixel, nearest first, float64 twin of shaders/view/contributors.wgsl. */
export interface PixelWeight {
  readonly splat: number;
  readonly alpha: number;
  readonly weight: number;
  readonly isAtCentre: boolean;
}

export function weightsAt(p: ProjectedSplats<Float64Array>, x: number, y: number): PixelWeight[] {
  const order = [...p.depths.keys()].filter((i) => p.visible[i]).sort((a, b) => p.depths[a]! - p.depths[b]!);
  let transmittance = 1;
  return order.flatMap((splat) => {
    const [u, v] = [p.meansPx[2 * splat]!, p.meansPx[2 * splat + 1]!];
    const [dx, dy] = [u - (x + 0.5), v - (y + 0.5)];
    const [a, b, c] = p.conics.subarray(3 * splat, 3 * splat + 3) as unknown as [number, number, number];
    const alpha = Math.min(
      0.99,
      p.opacities[splat]! * Math.exp(-0.5 * (a * dx * dx + 2 * b * dx * dy + c * dy * dy)),
    );
    if (!(alpha >= 1 / 255)) return [];
    const weight = alpha * transmittance;
    transmittance *= 1 - alpha;
    return [{ splat, alpha, weight, isAtCentre: Math.floor(u) === x && Math.floor(v) === y }];
  });
}

/** The splats seen at a pixel. */
export const seenAt = (weights: readonly PixelWeight[], { footprint, surfaceOnly }: Look): number[] =>
  weights
    .filter(
      ({ weight, isAtCentre }) => (footprint || isAtCentre) && (!surfaceOnly || weight >= SURFACE_WEIGHT),
    )
    .map(({ splat }) => splat);
