/**
 * A pinhole camera. Axes are OpenCV's (x right, y down, z forward), pixel centres lie at +0.5, lengths are in
 * pixels. Depth is camera-space z.
 */
export interface Camera {
  readonly width: number;
  readonly height: number;
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
  /** Splats nearer than this are not drawn. */
  readonly near: number;
  /** Row-major 4×4, world to camera. */
  readonly worldToCamera: readonly number[]; // [16]
}

export type Vec3 = readonly [number, number, number];
