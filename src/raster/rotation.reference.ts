import type { Matrix } from "./matrix.reference.ts";

/** Rotation of a raw quaternion (w, x, y, z) and its derivative, float64 twin of shaders/shared/rotation.wgsl. */
export function rotation(raw: readonly number[]): Matrix {
  const [w, x, y, z] = unit(raw);
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}

/** Cotangent of the raw quaternion: that of the unit one, without its part along it, over the length. */
export function rotationVjp(raw: readonly number[], v: Matrix): number[] {
  const q = unit(raw);
  const [w, x, y, z] = q;
  const [[v11, v12, v13], [v21, v22, v23], [v31, v32, v33]] = v as [Row, Row, Row];
  const vUnit = [
    2 * (x * (v32 - v23) + y * (v13 - v31) + z * (v21 - v12)),
    2 * (-2 * x * (v22 + v33) + y * (v12 + v21) + z * (v13 + v31) + w * (v32 - v23)),
    2 * (x * (v12 + v21) - 2 * y * (v11 + v33) + z * (v23 + v32) + w * (v13 - v31)),
    2 * (x * (v13 + v31) + y * (v23 + v32) - 2 * z * (v11 + v22) + w * (v21 - v12)),
  ];
  const along = vUnit.reduce((sum, value, k) => sum + value * q[k]!, 0);
  return vUnit.map((value, k) => (value - along * q[k]!) / Math.hypot(...raw));
}

type Row = readonly [number, number, number];

function unit(raw: readonly number[]): readonly [number, number, number, number] {
  const length = Math.hypot(...raw);
  const [w, x, y, z] = raw as [number, number, number, number];
  return [w / length, x / length, y / length, z / length];
}
