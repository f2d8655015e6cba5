/** Selecting in the picture: shapes of pixels, and what lies under them. */
import type { Camera } from "../camera/camera.ts";
import { UserError } from "../core/errors.ts";
import type { Splats } from "../scene/attributes.ts";

export type Pixel = readonly [x: number, y: number];

/** In pixels of the camera's picture, from its upper left corner. */
export type ScreenShape =
  | { readonly kind: "rectangle"; readonly from: Pixel; readonly to: Pixel }
  /** Also a lasso; what its outline goes around at all is inside. */
  | { readonly kind: "polygon"; readonly points: readonly Pixel[] }
  /** A stroke of a round brush. */
  | { readonly kind: "brush"; readonly points: readonly Pixel[]; readonly radius: number };

/** One bit for each pixel whose centre is in the shape. */
export interface PixelMask {
  readonly width: number;
  readonly height: number;
  readonly words: Uint32Array; // [⌈H · W / 32⌉]
}

export const isMarked = ({ width, words }: PixelMask, x: number, y: number): boolean => {
  const pixel = y * width + x;
  return ((words[pixel >> 5]! >>> (pixel & 31)) & 1) === 1;
};

/** Marks the pixels from `from` to before `to` of a row. */
type MarkRow = (y: number, from: number, to: number) => void;

/** Throws a UserError for a shape that is none. */
export function maskOf(shape: ScreenShape, { width, height }: Pick<Camera, "width" | "height">): PixelMask {
  const words = new Uint32Array(Math.ceil((width * height) / 32));
  const mark: MarkRow = (y, from, to) => {
    const [first, end] = [Math.max(0, from), Math.min(width, to)];
    for (let pixel = y * width + first; pixel < y * width + end; pixel++)
      words[pixel >> 5]! |= 1 << (pixel & 31);
  };
  switch (shape.kind) {
    case "rectangle":
      fillRectangle(shape.from, shape.to, height, mark);
      break;
    case "polygon":
      fillPolygon(shape.points, height, mark);
      break;
    case "brush":
      fillStroke(shape.points, shape.radius, height, mark);
      break;
  }
  return { width, height, words };
}

const rows = (low: number, high: number, height: number): readonly [number, number] => [
  Math.max(0, Math.floor(low)),
  Math.min(height, Math.floor(high) + 1),
];

/** With the pixels under its borders, so that a click is a pixel. */
function fillRectangle([x0, y0]: Pixel, [x1, y1]: Pixel, height: number, mark: MarkRow): void {
  const [first, end] = rows(Math.min(y0, y1), Math.max(y0, y1), height);
  for (let y = first; y < end; y++) mark(y, Math.floor(Math.min(x0, x1)), Math.floor(Math.max(x0, x1)) + 1);
}

/** Scan conversion by the nonzero winding rule. */
function fillPolygon(points: readonly Pixel[], height: number, mark: MarkRow): void {
  if (points.length < 3) throw new UserError("The outline has no inside.", "Draw around what you want.");
  const ys = points.map(([, y]) => y);
  const [first, end] = rows(Math.min(...ys), Math.max(...ys), height);
  const edges = points.map((from, i) => [from, points[(i + 1) % points.length]!] as const);
  for (let y = first; y < end; y++) {
    const centre = y + 0.5;
    const crossings = edges
      .filter(([a, b]) => a[1] <= centre !== b[1] <= centre)
      .map(([a, b]) => ({
        x: a[0] + ((centre - a[1]) / (b[1] - a[1])) * (b[0] - a[0]),
        turn: a[1] < b[1] ? 1 : -1,
      }))
      .sort((p, q) => p.x - q.x);
    let winding = 0;
    crossings.forEach(({ x, turn }, k) => {
      winding += turn;
      if (winding !== 0) mark(y, Math.ceil(x - 0.5), Math.ceil(crossings[k + 1]!.x - 0.5));
    });
  }
}

/** Every pixel whose centre is within the radius of the stroke; at least those under it. */
function fillStroke(points: readonly Pixel[], radius: number, height: number, mark: MarkRow): void {
  if (points.length === 0 || !(radius >= 0))
    throw new UserError("The stroke is empty.", "Draw over what you want.");
  const reach = Math.max(radius, Math.SQRT1_2);
  const disc = ([cx, cy]: Pixel): void => {
    const [first, end] = rows(cy - reach, cy + reach, height);
    for (let y = first; y < end; y++) {
      const half = Math.sqrt(reach ** 2 - (y + 0.5 - cy) ** 2);
      if (Number.isNaN(half)) continue; // the row's centres are out of reach
      mark(y, Math.ceil(cx - half - 0.5), Math.floor(cx + half - 0.5) + 1);
    }
  };
  // Discs this near to each other leave no notches between them.
  const stride = Math.max(0.5, reach / 8);
  points.forEach((to, i) => {
    const from = points[Math.max(0, i - 1)]!;
    const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / stride));
    for (let k = 1; k <= steps; k++) {
      disc([from[0] + (k / steps) * (to[0] - from[0]), from[1] + (k / steps) * (to[1] - from[1])]);
    }
  });
}

/** Whether a splat's centre appears on a marked pixel, in front of the camera, whatever is before it. */
export function centreHit(splats: Splats, camera: Camera, mask: PixelMask): (splat: number) => boolean {
  const { fx, fy, cx, cy, near, width, height, worldToCamera: m } = camera;
  const { means } = splats;
  return (i) => {
    const [x, y, z] = [means[3 * i]!, means[3 * i + 1]!, means[3 * i + 2]!];
    const depth = m[8]! * x + m[9]! * y + m[10]! * z + m[11]!;
    if (!(depth >= near)) return false;
    const u = Math.floor((fx * (m[0]! * x + m[1]! * y + m[2]! * z + m[3]!)) / depth + cx);
    const v = Math.floor((fy * (m[4]! * x + m[5]! * y + m[6]! * z + m[7]!)) / depth + cy);
    return u >= 0 && v >= 0 && u < width && v < height && isMarked(mask, u, v);
  };
}
