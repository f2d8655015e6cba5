import { assert } from "../core/assert.ts";
import type { Camera } from "./camera.ts";

export type Intrinsics = Pick<Camera, "width" | "height" | "fx" | "fy" | "cx" | "cy">;

/** Square pixels, principal point in the middle. `fov` in radians is that of the shorter side. */
export function pinhole(width: number, height: number, fov: number): Intrinsics {
  assert(fov > 0 && fov < Math.PI, `fov: got ${fov}, expected radians in (0, π)`);
  const focal = Math.min(width, height) / (2 * Math.tan(fov / 2));
  return { width, height, fx: focal, fy: focal, cx: width / 2, cy: height / 2 };
}

/** The same view at another size; the picture stretches where the aspect ratio differs. */
export function resized<C extends Intrinsics>(camera: C, width: number, height: number): C {
  const [sx, sy] = [width / camera.width, height / camera.height];
  return {
    ...camera,
    width,
    height,
    fx: camera.fx * sx,
    fy: camera.fy * sy,
    cx: camera.cx * sx,
    cy: camera.cy * sy,
  };
}

/**
 * Distance from which a sphere of radius 1 touches the nearer pair of borders, seen through these intrinsics with the
 * sphere in the middle.
 */
export function framingDistance({ width, height, fx, fy }: Intrinsics): number {
  const halfAngle = Math.min(Math.atan(width / (2 * fx)), Math.atan(height / (2 * fy)));
  return 1 / Math.sin(halfAngle);
}
