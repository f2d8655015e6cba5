import type { Vec3 } from "../camera/camera.ts";
import { rotationMatrix, type Quaternion } from "../scene/transform.ts";

/** Degrees about x, then y, then z of the scene, as a quaternion (w, x, y, z). */
export function quaternionOf([x, y, z]: Vec3): Quaternion {
  const half = (degrees: number): readonly [sin: number, cos: number] => {
    const angle = (degrees * Math.PI) / 360;
    return [Math.sin(angle), Math.cos(angle)];
  };
  const [[sx, cx], [sy, cy], [sz, cz]] = [half(x), half(y), half(z)];
  return [
    cx * cy * cz + sx * sy * sz,
    sx * cy * cz - cx * sy * sz,
    cx * sy * cz + sx * cy * sz,
    cx * cy * sz - sx * sy * cz,
  ];
}

/** The same turn in degrees; of the many ways to say it, the one with y from −90 to 90, and x = 0 where that is ±90. */
export function degreesOf(quaternion: Quaternion): Vec3 {
  const m = rotationMatrix(quaternion);
  const degrees = (radians: number): number => (radians * 180) / Math.PI;
  const level = Math.hypot(m[0]!, m[3]!); // cos y
  const y = degrees(Math.atan2(-m[6]!, level));
  if (level < POLE) return [0, y, degrees(Math.atan2(-m[1]!, m[4]!))];
  return [degrees(Math.atan2(m[7]!, m[8]!)), y, degrees(Math.atan2(m[3]!, m[0]!))];
}

/** The cosine of y below which x and z turn about the same axis. */
const POLE = 1e-9;
