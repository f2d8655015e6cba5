import type { Camera, Vec3 } from "./camera.ts";
import { toCameraSpace, toWorldSpace } from "./pose.ts";

/** A place in a picture: pixels, with pixel centres at +0.5, and camera-space z. */
export interface Projected {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

/** Where a world point appears. Points behind the camera have a depth below 0 and no meaningful x, y. */
export function project({ fx, fy, cx, cy, worldToCamera }: Camera, point: Vec3): Projected {
  const [x, y, z] = toCameraSpace(worldToCamera, point);
  return { x: (fx * x) / z + cx, y: (fy * y) / z + cy, depth: z };
}

/** The world point at a place in the picture. */
export function unproject({ fx, fy, cx, cy, worldToCamera }: Camera, { x, y, depth }: Projected): Vec3 {
  return toWorldSpace(worldToCamera, [((x - cx) / fx) * depth, ((y - cy) / fy) * depth, depth]);
}
