/** Which splats can reach 1/255 inside which tile, by minimising over rectangles in float64. Tests only. */
import { TILE } from "../plan.ts";
import type { ProjectedSplats } from "../project.reference.ts";
import { ALPHA_MIN } from "../rasterize.reference.ts";

interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Reachable {
  /** Per tile: splats whose alpha reaches 1/255 between the centres of its pixels inside the image. */
  readonly surely: readonly (readonly number[])[];
  /** Per tile: splats that come within a margin of that, pixels outside the image included. */
  readonly possibly: readonly (readonly number[])[];
}

/** `margin` is in ln(alpha). */
export function reachableTiles(
  splats: ProjectedSplats<Float64Array>,
  { width, height }: { readonly width: number; readonly height: number },
  margin: number,
): Reachable {
  const columns = Math.ceil(width / TILE);
  const tiles = Array.from({ length: columns * Math.ceil(height / TILE) }, (_, tile): Rectangle => {
    const [x, y] = [TILE * (tile % columns), TILE * Math.floor(tile / columns)];
    return { left: x + 0.5, right: x + TILE - 0.5, top: y + 0.5, bottom: y + TILE - 0.5 };
  });
  const visible = Array.from(splats.visible.keys()).filter((i) => splats.visible[i]);
  const reaching = (rectangle: Rectangle, slack: number): number[] =>
    visible.filter((i) => {
      const cutOff = Math.log(splats.opacities[i]! / ALPHA_MIN);
      return cutOff > 0 && leastSigma(splats, i, rectangle) <= cutOff + slack;
    });
  return {
    surely: tiles.map((tile) => {
      const [right, bottom] = [Math.min(tile.right, width - 0.5), Math.min(tile.bottom, height - 0.5)];
      return reaching({ ...tile, right, bottom }, -1e-4);
    }),
    possibly: tiles.map((tile) => reaching(tile, margin)),
  };
}

/** Least σ over a rectangle: 0 with the mean inside, else on one of the edges. */
function leastSigma(splats: ProjectedSplats<Float64Array>, i: number, rectangle: Rectangle): number {
  const [a, b, c] = splats.conics.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
  const [x, y] = splats.meansPx.subarray(2 * i, 2 * i + 2) as unknown as [number, number];
  const { left, right, top, bottom } = rectangle;
  if (x >= left && x <= right && y >= top && y <= bottom) return 0;
  const sigma = (dx: number, dy: number): number => 0.5 * (a * dx * dx + c * dy * dy) + b * dx * dy;
  const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
  const upright = [left - x, right - x].map((dx) => sigma(dx, clamp((-b * dx) / c, top - y, bottom - y)));
  const level = [top - y, bottom - y].map((dy) => sigma(clamp((-b * dy) / a, left - x, right - x), dy));
  return Math.min(...upright, ...level);
}
