import type { Point } from "./bounds.ts";
import { rotationMatrix, type Quaternion } from "./transform.ts";

export interface TurnedBox {
  readonly center: Point;
  /** Lengths of the edges. */
  readonly size: Point;
  /** About the center. */
  readonly rotation: Quaternion;
}

/** Tells whether a place is in the box; the border counts, and comparisons fail for what is not a number. */
export function turnedBoxHolds({
  center: [cx, cy, cz],
  size,
  rotation,
}: TurnedBox): (x: number, y: number, z: number) => boolean {
  const m = rotationMatrix(rotation);
  const [hx, hy, hz] = [size[0] / 2, size[1] / 2, size[2] / 2];
  return (x, y, z) => {
    const [dx, dy, dz] = [x - cx, y - cy, z - cz];
    // Along the box's own axes, the columns of its rotation.
    return (
      Math.abs(m[0]! * dx + m[3]! * dy + m[6]! * dz) <= hx &&
      Math.abs(m[1]! * dx + m[4]! * dy + m[7]! * dz) <= hy &&
      Math.abs(m[2]! * dx + m[5]! * dy + m[8]! * dz) <= hz
    );
  };
}
