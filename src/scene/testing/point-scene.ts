import type { Rng } from "../../core/rng.ts";
import { createSplats, type Splats } from "../attributes.ts";
import type { Point } from "../bounds.ts";

/** Round grey splats of one size at the given places. */
export function pointScene(points: readonly Point[], size = 0.01, opacity = 0.9): Splats {
  const splats = createSplats(points.length, 0);
  points.forEach((point, i) => {
    splats.means.set(point, 3 * i);
    splats.quaternions[4 * i] = 1;
  });
  splats.logScales.fill(Math.log(size));
  splats.opacityLogits.fill(Math.log(opacity / (1 - opacity)));
  return splats;
}

/** Shapes as clouds of `count` points; y is upwards. */
export const shapes = {
  /** The surface of a ball. */
  ball(rng: Rng, count: number, center: Point, radius: number): Point[] {
    return repeat(count, () => {
      const [x, y, z] = unit(rng);
      return [center[0] + radius * x, center[1] + radius * y, center[2] + radius * z];
    });
  },
  /** A level disc, thicker than nothing. */
  ground(rng: Rng, count: number, height: number, radius: number): Point[] {
    return repeat(count, () => {
      const [r, angle] = [radius * Math.sqrt(rng.uniform()), rng.range(0, 2 * Math.PI)];
      return [r * Math.cos(angle), height + 0.005 * rng.normal(), r * Math.sin(angle)];
    });
  },
  /** The upper half of a far sphere. */
  sky(rng: Rng, count: number, radius: number): Point[] {
    return repeat(count, () => {
      const [x, y, z] = unit(rng);
      return [radius * x, radius * Math.abs(y), radius * z];
    });
  },
  /** Strays, anywhere in a cube. */
  floaters(rng: Rng, count: number, size: number): Point[] {
    return repeat(count, () => [rng.range(-size, size), rng.range(-size, size), rng.range(-size, size)]);
  },
  /** An axis-aligned box's surface, from the inside a room. */
  room(rng: Rng, count: number, min: Point, max: Point): Point[] {
    const [dx, dy, dz] = [max[0] - min[0], max[1] - min[1], max[2] - min[2]];
    const areas = [dy * dz, dx * dz, dx * dy];
    const total = areas[0]! + areas[1]! + areas[2]!;
    return repeat(count, () => {
      const pick = rng.uniform() * total;
      const axis = pick < areas[0]! ? 0 : pick < areas[0]! + areas[1]! ? 1 : 2;
      const place = [rng.range(min[0], max[0]), rng.range(min[1], max[1]), rng.range(min[2], max[2])];
      place[axis] = (rng.uniform() < 0.5 ? min : max)[axis]!;
      return place as unknown as Point;
    });
  },
} as const;

const repeat = (count: number, make: () => Point): Point[] => Array.from({ length: count }, make);

function unit(rng: Rng): Point {
  const v = [rng.normal(), rng.normal(), rng.normal()] as const;
  const size = Math.hypot(...v);
  return [v[0] / size, v[1] / size, v[2] / size];
}
