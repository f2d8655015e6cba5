import type { Vec3 } from "./camera.ts";
import { cameraCenter, type Mat4 } from "./pose.ts";
import { add, distance, scale } from "./vec3.ts";

/**
 * Scene extent as 3D Gaussian Splatting defines it (Kerbl et al. 2023, code): 1.1 × the largest distance of a camera
 * from the mean of the cameras. Position learning rates are given in its units. A single camera is its own mean and
 * would let nothing move: it counts from what it looks at.
 */
export function cameraExtent(poses: readonly Mat4[], lookedAt: Vec3): number {
  const centers = poses.map(cameraCenter);
  const sum = centers.reduce<Vec3>(add, [0, 0, 0]);
  const middle = centers.length > 1 ? scale(sum, 1 / centers.length) : lookedAt;
  return 1.1 * Math.max(...centers.map((center) => distance(center, middle)));
}
