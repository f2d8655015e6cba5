import type { Vec3 } from "../camera/camera.ts";
import type { Quaternion } from "../scene/transform.ts";

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
